import { type Input, keyed } from "../../template/expr.ts";
import type { Setting } from "./setting.ts";

/** `identity` of a resource with identities that users made, by their ids. */
export function identityBody(ids: readonly Setting<string>[]): Input {
  return {
    type: "UserAssigned",
    userAssignedIdentities: keyed(ids.map((id) => [id, {}])),
  };
}

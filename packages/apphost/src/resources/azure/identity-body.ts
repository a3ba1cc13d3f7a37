import type { Input } from "../../template/expr.ts";

/** `identity` of a resource with identities that users made, by their ids. */
export function identityBody(ids: readonly string[]): Input {
  return {
    type: "UserAssigned",
    userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])),
  };
}

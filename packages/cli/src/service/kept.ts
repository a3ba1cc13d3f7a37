import type { ServiceTypeName, UserConfig } from "@redoubt/services";
import type { Invocation } from "../invocation.ts";
import type { ServicesFace } from "./face.ts";

/** Says of options that mean something in a cloud only what they do here. */
export function noteKept(
  type: ServiceTypeName,
  options: UserConfig,
  { optionTables }: ServicesFace,
  { output }: Invocation,
): void {
  for (const name of Object.keys(options)) {
    const row = optionTables[type].get(name);
    if (row?.effect.by === "kept") output.note(`${name} is kept and shown. ${row.here}`);
  }
}

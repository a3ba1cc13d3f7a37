import { type CheckRow, rowOf } from "../row.ts";

const row = rowOf("string");

/** Checks of the area `string`. */
export const stringRows = {
  "string-suspicious": row("warning", 0.2, "The connection string has a weak point", "Mend the string."),
} as const satisfies Record<string, CheckRow>;

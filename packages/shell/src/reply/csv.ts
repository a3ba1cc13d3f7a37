import type { TypedReply } from "@redoubt/client/protocol";
import { repr } from "../line/repr.ts";
import { shapeOf } from "./text.ts";

/** redis-cli's `--csv`: all values in one row, aggregates flat. @returns byte text without a line end */
export function formatCsv(reply: TypedReply): string {
  const shape = shapeOf(reply);
  switch (shape.type) {
    case "nil":
      return "NULL";
    case "error":
      return `ERROR,${repr(shape.text)}`;
    case "status":
    case "string":
    case "verbatim":
      return repr(shape.text);
    case "array":
    case "set":
    case "map":
      return shape.values.map(formatCsv).join(",");
    default:
      return shape.text;
  }
}

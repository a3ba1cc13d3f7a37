import type { TypedReply } from "@redoubt/client/protocol";
import { shapeOf } from "./text.ts";

/**
 * redis-cli's format for programs: the bytes, nothing around them.
 * @param delimiter between the values of an aggregate
 * @returns byte text; nothing follows it
 */
export function formatRaw(reply: TypedReply, delimiter = "\n"): string {
  const shape = shapeOf(reply);
  switch (shape.type) {
    case "nil":
      return "";
    case "error":
      return `${shape.text}\n`;
    case "bool":
      return `(${shape.text})`;
    case "array":
    case "set":
      return shape.values.map((value) => formatRaw(value, delimiter)).join(delimiter);
    case "map":
      return pairs(shape.values)
        .map((pair) => pair.map((value) => formatRaw(value, delimiter)).join(" "))
        .join(delimiter);
    default:
      return shape.text;
  }
}

/** Values two by two. */
export function pairs(values: readonly TypedReply[]): (readonly [TypedReply, TypedReply])[] {
  return Array.from({ length: Math.floor(values.length / 2) }, (_, i) => [
    values[2 * i] as TypedReply,
    values[2 * i + 1] as TypedReply,
  ]);
}

import type { TypedReply } from "@redoubt/client/protocol";
import { repr } from "../line/repr.ts";
import { shapeOf } from "./text.ts";

const empty = { array: "(empty array)\n", set: "(empty set)\n", map: "(empty hash)\n" } as const;

/**
 * redis-cli's format for people: `(integer) 1`, `"text"`, `1) …` nested; of RESP3 `1~` sets, `1# key => value`, `(true)`, `(double)`.
 * @param prefix what stands before all lines but the first
 * @returns byte text that ends with a line end
 */
export function formatTty(reply: TypedReply, prefix = ""): string {
  const shape = shapeOf(reply);
  switch (shape.type) {
    case "nil":
      return "(nil)\n";
    case "status":
    case "verbatim":
      return `${shape.text}\n`;
    case "string":
      return `${repr(shape.text)}\n`;
    case "error":
    case "integer":
    case "double":
      return `(${shape.type}) ${shape.text}\n`;
    case "bignumber":
      return `(big number) ${shape.text}\n`;
    case "bool":
      return `(${shape.text})\n`;
    case "array":
    case "set":
      return formatList(shape.values, shape.type, prefix);
    case "map":
      return formatMap(shape.values, prefix);
  }
}

function formatList(values: readonly TypedReply[], type: "array" | "set", prefix: string): string {
  if (values.length === 0) return empty[type];
  const width = String(values.length).length;
  const inner = prefix + " ".repeat(width + 2);
  const sign = type === "set" ? "~" : ")";
  return values
    .map((value, i) => {
      const number = String(i + 1).padStart(width);
      return `${i === 0 ? "" : prefix}${number}${sign} ${formatTty(value, inner)}`;
    })
    .join("");
}

function formatMap(values: readonly TypedReply[], prefix: string): string {
  if (values.length === 0) return empty.map;
  const count = values.length / 2;
  const width = String(count).length;
  const inner = prefix + " ".repeat(width + 2);
  let out = "";
  for (let i = 0; i < count; i++) {
    const key = formatTty(values[2 * i] as TypedReply, inner).slice(0, -1);
    const value = values[2 * i + 1] as TypedReply;
    const lineBreak = hasLines(value) ? `\n${inner}` : "";
    const number = String(i + 1).padStart(width);
    out += `${i === 0 ? "" : prefix}${number}# ${key} => ${lineBreak}${formatTty(value, inner)}`;
  }
  return out;
}

/** Whether a value takes several lines, so that it begins on one of its own. */
function hasLines(reply: TypedReply): boolean {
  const shape = shapeOf(reply);
  if (!("values" in shape)) return false;
  const { values, type } = shape;
  const single = type === "map" ? 2 : 1;
  if (values.length !== single) return values.length > single;
  return hasLines(values[single - 1] as TypedReply);
}

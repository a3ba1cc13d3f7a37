import type { TypedReply } from "@redoubt/client/protocol";
import { repr } from "../line/repr.ts";
import { pairs } from "./raw.ts";
import { shapeOf } from "./text.ts";

const named: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
};

/**
 * redis-cli's `--json` and `--quoted-json`. Bytes are written as they are, so the first is JSON only where strings are UTF-8; the
 * second has ASCII only.
 * @returns byte text without a line end
 */
export function formatJson(reply: TypedReply, isQuoted: boolean): string {
  const text = (bytes: string): string =>
    isQuoted ? repr(bytes).replaceAll("\\", "\\\\") : jsonString(bytes);
  const shape = shapeOf(reply);
  switch (shape.type) {
    case "nil":
      return "null";
    case "error":
      return `error:${text(shape.text)}`;
    case "status":
    case "string":
    case "verbatim":
      return text(shape.text);
    case "array":
    case "set":
      return `[${shape.values.map((value) => formatJson(value, isQuoted)).join(",")}]`;
    case "map":
      return `{${pairs(shape.values)
        .map(([key, value]) => `${formatKey(key, isQuoted)}:${formatJson(value, isQuoted)}`)
        .join(",")}}`;
    default:
      return shape.text;
  }
}

/** JSON's keys are strings; RESP3's may be anything. */
function formatKey(key: TypedReply, isQuoted: boolean): string {
  const text = formatJson(key, isQuoted);
  const { type } = shapeOf(key);
  if (type === "string" || type === "status" || type === "verbatim" || type === "error") return text;
  return `"${text}"`;
}

function jsonString(bytes: string): string {
  return `"${bytes.replace(/[\\"\u0000-\u001f]/g, escaped)}"`;
}

function escaped(character: string): string {
  return named[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

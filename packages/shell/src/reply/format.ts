import type { TypedReply } from "@redoubt/client/protocol";
import { formatCsv } from "./csv.ts";
import { formatJson } from "./json.ts";
import { formatRaw } from "./raw.ts";
import { elementsOf, plainText } from "./text.ts";
import { formatTty } from "./tty.ts";

/** How replies are written. */
export type FormatName = "tty" | "raw" | "csv" | "json" | "quoted-json";

export interface Format {
  readonly name: FormatName;
  /** Between the values of an aggregate, in `raw`. Byte text; default a line end. */
  readonly delimiter: string;
  /** After each reply, in `raw`. Byte text; default a line end. */
  readonly end: string;
}

/** A reply as it is written. @param isVerbatim it is text for people (INFO and the like), which is never quoted @returns byte text */
export function formatReply(reply: TypedReply, format: Format, isVerbatim = false): string {
  if (isVerbatim) return formatRaw(reply, format.delimiter);
  switch (format.name) {
    case "tty":
      return formatTty(reply);
    case "raw":
      return formatRaw(reply, format.delimiter) + format.end;
    case "csv":
      return `${formatCsv(reply)}\n`;
    case "json":
    case "quoted-json":
      return `${formatJson(reply, format.name === "quoted-json")}\n`;
  }
}

/** What the server says unasked, as it is written. @returns byte text */
export function formatPush(values: readonly TypedReply[], format: Format): string {
  if (
    format.name === "tty" &&
    values.length === 2 &&
    plainText(values[0]) === "invalidate" &&
    values[1] !== null
  ) {
    const keys = elementsOf(values[1]).map((key) => `'${plainText(key) ?? ""}'`);
    return `-> invalidate: ${keys.join(", ")}\n`;
  }
  return formatReply(values, format);
}

const verbatim: readonly (readonly [words: string, min: number, max: number])[] = [
  ["info", 1, Number.POSITIVE_INFINITY],
  ["lolwut", 1, Number.POSITIVE_INFINITY],
  ["debug htstats", 2, Number.POSITIVE_INFINITY],
  ["debug htstats-key", 2, Number.POSITIVE_INFINITY],
  ["debug client-eviction", 2, Number.POSITIVE_INFINITY],
  ["memory malloc-stats", 2, Number.POSITIVE_INFINITY],
  ["memory doctor", 2, Number.POSITIVE_INFINITY],
  ["cluster nodes", 2, 2],
  ["cluster info", 2, 2],
  ["client list", 2, Number.POSITIVE_INFINITY],
  ["client info", 2, Number.POSITIVE_INFINITY],
  ["latency graph", 3, 3],
  ["latency doctor", 2, 2],
  ["proxy info", 2, Number.POSITIVE_INFINITY],
];

/** Whether the reply to a command is text for people, which redis-cli writes as it is in every format. */
export function isVerbatim(words: readonly string[]): boolean {
  const [first = "", second = ""] = words.map((word) => word.toLowerCase());
  return verbatim.some(([name, min, max]) => {
    const named = name.includes(" ") ? `${first} ${second}` : first;
    return name === named && words.length >= min && words.length <= max;
  });
}

import { Buffer } from "node:buffer";
import { malformed } from "./refusal.ts";

// RESP3's simple types, from the text of their line. Source: the RESP3 specification, "Simple types".

/**
 * The value of a line.
 * @param type the byte in front of it
 * @throws RedoubtError `REPLY_PROTOCOL`
 */
export function simpleValue(type: number, text: string): number | bigint | boolean | null {
  switch (type) {
    case 0x2c: // , double
      return doubleFrom(text);
    case 0x28: // ( big number
      return bigNumberFrom(text);
    case 0x23: // # boolean
      if (text !== "t" && text !== "f") malformed("a boolean");
      return text === "t";
    default: // _ null
      if (text !== "") malformed("a null");
      return null;
  }
}

function doubleFrom(text: string): number {
  if (text === "inf" || text === "+inf") return Number.POSITIVE_INFINITY;
  if (text === "-inf") return Number.NEGATIVE_INFINITY;
  // Redis before 7.2 may print nan in several ways.
  if (/^-?nan(\(.*\))?$/i.test(text)) return Number.NaN;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) malformed("a double");
  return Number(text);
}

function bigNumberFrom(text: string): bigint {
  // The time to read one grows with the square of its digits; no server computes with more than these.
  if (!/^[+-]?\d{1,4096}$/.test(text)) malformed("a big number");
  return BigInt(text.startsWith("+") ? text.slice(1) : text);
}

const ok = Buffer.from("+OK\r\n");
const queued = Buffer.from("+QUEUED\r\n");

/** `OK` or `QUEUED`, the commonest of all status lines, if one of them begins at the `+` at `at`; else null. */
export function commonLine(chunk: Buffer, at: number, end: number): "OK" | "QUEUED" | null {
  const second = chunk[at + 1];
  if (second === 0x4f && isHere(ok, chunk, at, end)) return "OK";
  if (second === 0x51 && isHere(queued, chunk, at, end)) return "QUEUED";
  return null;
}

function isHere(line: Buffer, chunk: Buffer, at: number, end: number): boolean {
  if (at + line.length > end) return false;
  for (let i = 2; i < line.length; i++) if (chunk[at + i] !== line[i]) return false;
  return true;
}

import { Buffer } from "node:buffer";
import type { NativeBuffer } from "./native.ts";
import { malformed } from "./refusal.ts";
import { asBuffers, asSent } from "./reply.ts";

/**
 * A value of one of the types that {@link asSent} keeps apart from their like: a status (`+`), an error (`-`, `!`), a double
 * (`,`), a big number (`(`), a verbatim string (`=`).
 */
export class Marked {
  readonly kind: MarkedKind;
  /** The text as it was sent; of a verbatim string without its format, of an error without the sign in front. */
  readonly bytes: Buffer;

  constructor(kind: MarkedKind, bytes: Buffer) {
    this.kind = kind;
    this.bytes = bytes;
  }
}

export type MarkedKind = "status" | "error" | "double" | "bignumber" | "verbatim";

/** A set (`~`) or a map (`%`), as {@link asSent} gives it. */
export class Gathered {
  readonly kind: "set" | "map";
  /** Of a map: key, value, key, value … in the order in which they came, doubles included. */
  readonly values: unknown[] = [];

  constructor(kind: "set" | "map") {
    this.kind = kind;
  }
}

/**
 * A value with its type as the peer sent it: {@link Marked}, {@link Gathered}; Buffer for a bulk string, number or bigint for an
 * integer, boolean, null for each of the three nulls, array for an array. The commonest status lines, `OK` and `QUEUED`, are strings.
 */
export type TypedReply =
  | string
  | number
  | bigint
  | boolean
  | null
  | Buffer
  | Marked
  | Gathered
  | readonly TypedReply[];

const lineKinds: Readonly<Record<number, MarkedKind>> = {
  0x2b: "status",
  0x2d: "error",
  0x2c: "double",
  0x28: "bignumber",
};

/** The value of a line of a simple type; undefined where it is to be read as usual: in other modes, or because nothing is lost. */
export function typedLine(
  mode: number,
  type: number,
  bytes: NativeBuffer,
  start: number,
  end: number,
): Marked | undefined {
  const kind = mode === asSent ? lineKinds[type] : undefined;
  return kind === undefined ? undefined : new Marked(kind, Buffer.from(bytes.subarray(start, end)));
}

/** The value of a verbatim string, whose first four bytes are its format; or, of {@link asSent}, of a bulk error. */
export function markedValue(
  mode: number,
  type: number,
  bytes: NativeBuffer,
  start: number,
  end: number,
): string | Buffer | Marked {
  if (type === 0x21) return new Marked("error", Buffer.from(bytes.subarray(start, end)));
  if (end < start + 4 || bytes[start + 3] !== 0x3a) malformed("a verbatim string");
  if ((mode & asBuffers) === 0) return bytes.utf8Slice(start + 4, end);
  const text = Buffer.from(bytes.subarray(start + 4, end));
  return mode === asSent ? new Marked("verbatim", text) : text;
}

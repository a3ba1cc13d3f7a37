import { readFileSync } from "node:fs";
import { inspect, isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type { ReplyError } from "../../../src/errors.ts";
import { Decoder } from "../../../src/protocol/decoder.ts";
import type { Limits } from "../../../src/protocol/limits.ts";
import { asBuffers, asObject, type ReplySink } from "../../../src/protocol/reply.ts";

/** What a decoder told its sink, in order. */
export type Told =
  | { readonly reply: unknown }
  | { readonly error: string; readonly code: string }
  | { readonly push: unknown[] };

/** A value as the corpus writes it. */
type Written =
  | string
  | number
  | boolean
  | null
  | readonly Written[]
  | { readonly bulk: string }
  | { readonly big: string }
  | { readonly double: string }
  | { readonly failure: string }
  | { readonly map: readonly (readonly [Written, Written])[] };

interface Vector {
  readonly name: string;
  readonly wire: string;
  readonly events: readonly ({ reply: Written } | { error: string } | { push: Written[] })[];
}

/** Replies as they are on the wire, and what they mean. */
export const vectors = JSON.parse(
  readFileSync(new URL("../../corpus/replies.json", import.meta.url), "utf8"),
) as readonly Vector[];

/** Every way to build a reply. */
export const modes = [0, asBuffers, asObject, asBuffers | asObject];

/** What the corpus says that a decoder tells in a mode. Errors are compared by their text. */
export function meaning({ events }: Vector, mode: number): unknown[] {
  return events.map((event) => {
    if ("error" in event) return { error: event.error };
    if ("push" in event) return { push: event.push.map((value) => valueOf(value, 0)) };
    return { reply: (mode & asObject) === 0 ? valueOf(event.reply, mode) : objectOf(event.reply, mode) };
  });
}

/** Holds what was told against what should have been: by Node's equality, which is quick with Buffers and knows objects without prototype. */
export function expectTold(told: readonly Told[], expected: readonly unknown[], how = ""): void {
  const comparable = told.map((event) => ("error" in event ? { error: event.error } : event));
  if (isDeepStrictEqual(comparable, expected)) return;
  expect.fail(`${how}\ntold ${inspect(comparable, { depth: 9 })}\nnot  ${inspect(expected, { depth: 9 })}`);
}

/** Array.isArray does not tell a readonly array from the rest. */
const isList = (written: Written): written is readonly Written[] => Array.isArray(written);

function valueOf(written: Written, mode: number): unknown {
  if (written === null || typeof written !== "object") return written;
  if (isList(written)) return written.map((value) => valueOf(value, mode));
  if ("bulk" in written) return (mode & asBuffers) === 0 ? written.bulk : Buffer.from(written.bulk);
  if ("big" in written) return BigInt(written.big);
  if ("double" in written) return Number(written.double);
  if ("failure" in written) return new Error(written.failure);
  if ("map" in written)
    return new Map(written.map.map(([key, value]) => [valueOf(key, 0), valueOf(value, mode)]));
  throw new Error(`the corpus holds ${JSON.stringify(written)}`);
}

function objectOf(written: Written, mode: number): unknown {
  const pairs = (entries: readonly (readonly [Written, Written])[]) => {
    const object = Object.create(null) as Record<string, unknown>;
    for (const [key, value] of entries) object[String(valueOf(key, 0))] = valueOf(value, mode);
    return object;
  };
  if (Array.isArray(written) && written.length % 2 === 0) {
    const values = written as Written[];
    return pairs(values.flatMap((key, i) => (i % 2 === 0 ? [[key, values[i + 1] as Written]] : [])));
  }
  if (written !== null && typeof written === "object" && !Array.isArray(written) && "map" in written)
    return pairs(written.map as readonly (readonly [Written, Written])[]);
  return valueOf(written, mode);
}

/** Notes what it is told. Values that are errors become plain ones, so that they can be compared. */
export class Notes implements ReplySink {
  readonly told: Told[] = [];
  /** How often it was asked for a mode. */
  asked = 0;
  mode: number;

  constructor(mode = 0) {
    this.mode = mode;
  }

  replyMode(): number {
    this.asked++;
    return this.mode;
  }

  onReply(value: unknown): void {
    this.told.push({ reply: plain(value) });
  }

  onReplyError({ message, code }: ReplyError): void {
    this.told.push({ error: message, code });
  }

  onPush(values: unknown[]): void {
    this.told.push({ push: values.map(plain) });
  }
}

function plain(value: unknown): unknown {
  if (value instanceof Error) return new Error(value.message);
  return Array.isArray(value) && value.some((element) => element instanceof Error) ? value.map(plain) : value;
}

/**
 * Decodes chunks as a socket gives them: every one lies in the same memory, which is overwritten as soon as it has been
 * taken, and which is longer than what has arrived.
 */
export function decode(chunks: readonly Uint8Array[], mode = 0, limits?: Limits): Told[] {
  const notes = new Notes(mode);
  const decoder = new Decoder(notes, limits);
  const landing = Buffer.alloc(Math.max(...chunks.map(({ length }) => length)) + 16);
  for (const chunk of chunks) {
    landing.fill("\r\n$");
    landing.set(chunk);
    decoder.write(landing, chunk.length);
    landing.fill("!");
  }
  return notes.told;
}

/** Bytes cut at the given places. */
export function cut(bytes: Buffer, ...places: number[]): Buffer[] {
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length));
}

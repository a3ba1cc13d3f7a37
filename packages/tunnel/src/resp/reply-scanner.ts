import { lineBytes } from "./limits.ts";
import { ProtocolError } from "./protocol-error.ts";

const CR = 13;
const LF = 10;
const MINUS = 45;
const ZERO = 48;
const DOLLAR = 36;

/** What a type byte begins. */
const kinds = { none: 0, line: 1, bulk: 2, array: 3, map: 4, attribute: 5 } as const;
const kindOf = new Uint8Array(256);
for (const type of "+-:,#_(") kindOf[type.charCodeAt(0)] = kinds.line;
for (const type of "$=!") kindOf[type.charCodeAt(0)] = kinds.bulk;
for (const type of "*~>") kindOf[type.charCodeAt(0)] = kinds.array;
kindOf["%".charCodeAt(0)] = kinds.map;
kindOf["|".charCodeAt(0)] = kinds.attribute;

const phases = { type: 0, length: 1, body: 2, line: 3 } as const;
type Phase = (typeof phases)[keyof typeof phases];

/** How far the end of a short line is looked for, bytes. */
const shortLine = 32;

/**
 * The way that most replies go: a string of less than a hundred bytes, or a short line, all here.
 * @returns the position behind it; -1: to be walked step by step
 */
function simplest(chunk: Uint8Array, at: number, end: number): number {
  const type = chunk[at] as number;
  // The shortest string, `$0` and two line ends, ends with what is here.
  if (type === DOLLAR && at + 6 <= end) {
    let size = (chunk[at + 1] as number) - ZERO;
    if (size < 0 || size > 9) return -1;
    let i = at + 2;
    if (chunk[i] !== CR) {
      const second = (chunk[i] as number) - ZERO;
      if (second < 0 || second > 9) return -1;
      size = size * 10 + second;
      i++;
    }
    if (chunk[i] !== CR || chunk[i + 1] !== LF) return -1;
    i += size + 4;
    return i <= end ? i : -1;
  }
  if (kindOf[type] !== kinds.line) return -1;
  const limit = Math.min(end, at + shortLine);
  for (let i = at + 1; i < limit; i++) if (chunk[i] === LF) return i + 1;
  return -1;
}

/** More values in one reply than any server sends; beyond it, counting would not be exact. */
const mostValues = 2 ** 40;

/**
 * Finds where replies end in a stream of bytes: RESP2 and RESP3, pushes, attributes, nested to any depth. Only lengths
 * are walked; a counter of values still to come stands for all nesting, so that no reply, however made, takes memory.
 */
export class ReplyScanner {
  #phase: Phase = phases.type;
  /** Values that must still end before the reply has ended; 0: no reply has begun. */
  #left = 0;
  #kind = 0;
  #number = 0;
  #digits = 0;
  #negative = false;
  #sawReturn = false;
  #skip = 0;

  /** Whether a reply has begun and not ended. */
  get isWithin(): boolean {
    return this.#left > 0;
  }

  /**
   * Goes on to the end of one reply.
   * @param at where to go on
   * @param end of the bytes that are there
   * @returns the position behind the reply, or -1 when all bytes are used up before its end
   * @throws ProtocolError; nothing may be read afterwards
   */
  next(chunk: Uint8Array, at: number, end: number): number {
    if (this.#left === 0) {
      const after = simplest(chunk, at, end);
      if (after > 0) return after;
      this.#left = 1;
    }
    let i = at;
    while (i < end) {
      switch (this.#phase) {
        case phases.type:
          this.#begin(chunk[i++] as number);
          break;
        case phases.line: {
          const found = chunk.indexOf(LF, i);
          const stop = found < 0 || found >= end ? end : found + 1;
          this.#skip += stop - i;
          if (this.#skip > lineBytes) throw new ProtocolError("too long a line in a reply");
          if (found < 0 || found >= end) return -1;
          i = stop;
          if (this.#ended()) return i;
          break;
        }
        case phases.length: {
          const after = this.#digitsFrom(chunk, i, end);
          if (after < 0) return -1;
          i = after;
          if (this.#measured()) return i;
          break;
        }
        case phases.body:
          if (end - i < this.#skip) {
            this.#skip -= end - i;
            return -1;
          }
          i += this.#skip;
          if (this.#ended()) return i;
          break;
      }
    }
    return -1;
  }

  #begin(type: number): void {
    this.#kind = kindOf[type] as number;
    if (this.#kind === kinds.none) throw new ProtocolError("a reply of a type that does not exist");
    this.#skip = 0;
    this.#number = 0;
    this.#digits = 0;
    this.#negative = false;
    this.#sawReturn = false;
    this.#phase = this.#kind === kinds.line ? phases.line : phases.length;
  }

  #digitsFrom(chunk: Uint8Array, at: number, end: number): number {
    let i = at;
    while (i < end) {
      const byte = chunk[i++] as number;
      if (this.#sawReturn) {
        if (byte !== LF || this.#digits === 0) throw new ProtocolError("an invalid length in a reply");
        return i;
      }
      if (byte === CR) this.#sawReturn = true;
      else if (byte >= ZERO && byte <= ZERO + 9) {
        if (++this.#digits > 12) throw new ProtocolError("an invalid length in a reply");
        this.#number = this.#number * 10 + byte - ZERO;
      } else if (byte === MINUS && this.#digits === 0 && !this.#negative) this.#negative = true;
      else throw new ProtocolError("an invalid length in a reply");
    }
    return -1;
  }

  /** A length is known. @returns whether that ends the reply */
  #measured(): boolean {
    // `$-1` and `*-1`, RESP2's words for nothing.
    if (this.#negative) return this.#ended();
    const size = this.#number;
    if (this.#kind === kinds.bulk) {
      this.#skip = size + 2;
      this.#phase = phases.body;
      return false;
    }
    // An attribute stands in front of the value that it belongs to, and is not one itself.
    const pairs = this.#kind === kinds.map || this.#kind === kinds.attribute;
    this.#left += pairs ? size * 2 : size;
    if (this.#kind === kinds.attribute) this.#left++;
    if (this.#left > mostValues) throw new ProtocolError("too many values in a reply");
    return this.#ended();
  }

  #ended(): boolean {
    this.#phase = phases.type;
    return --this.#left === 0;
  }
}

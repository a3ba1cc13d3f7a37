import {
  argumentBytes,
  argumentBytesBeforeLogin,
  argumentCount,
  argumentCountBeforeLogin,
  inlineBytes,
} from "./limits.ts";
import { ProtocolError } from "./protocol-error.ts";

const CR = 13;
const LF = 10;
const MINUS = 45;
const ZERO = 48;
const STAR = 42;
const DOLLAR = 36;

/** `*1`, `$0` and three line ends, bytes. */
const shortestCommand = 10;

/** Where in a command the next byte stands. */
const phases = { start: 0, count: 1, type: 2, length: 3, body: 4, inline: 5 } as const;
type Phase = (typeof phases)[keyof typeof phases];

/**
 * Finds where commands end in a stream of bytes, without looking at what they hold. A command may be cut anywhere; what was
 * walked is not walked again. It keeps a few numbers, whatever the peer sends.
 *
 * It is as strict as Redis, or stricter: what passes here, Redis reads as exactly one command (or as none, {@link isEmpty}).
 */
export class CommandScanner {
  /** Whether the command that ended is an inline one: words in a line. */
  isInline = false;
  /** Whether what ended is no command: an empty line or an array of nothing. Redis does not answer it. */
  isEmpty = false;
  /** Number of arguments of the command that ended, its name included. Of an inline one: 0. */
  count = 0;
  /** Where its name stands in the chunk; -1 when the name is not whole in one chunk, or the command is an inline one. */
  nameStart = -1;
  nameEnd = -1;
  /** Whether the peer is logged in: before, Redis believes less. Default true. */
  isTrusted = true;
  #phase: Phase = phases.start;
  #number = 0;
  /** Digits seen of the number; -1: a minus sign. */
  #digits = 0;
  #negative = false;
  #sawReturn = false;
  #left = 0;
  #skip = 0;

  /** Whether a command has begun and not ended. */
  get isWithin(): boolean {
    return this.#phase !== phases.start;
  }

  /**
   * Goes on to the end of one command.
   * @param at where to go on
   * @param end of the bytes that are there
   * @returns the position behind the command, or -1 when all bytes are used up before its end
   * @throws ProtocolError; nothing may be read afterwards
   */
  next(chunk: Uint8Array, at: number, end: number): number {
    if (this.#phase === phases.start) {
      const after = this.#whole(chunk, at, end);
      if (after > 0) return after;
    }
    let i = at;
    // A name of an earlier chunk stands nowhere in this one.
    if (this.#phase !== phases.start) this.nameStart = this.nameEnd = -1;
    while (i < end) {
      switch (this.#phase) {
        case phases.start:
          this.#begin(chunk[i] as number);
          if (!this.isInline) i++;
          break;
        case phases.count:
          i = this.#digitsFrom(chunk, i, end, "too big mbulk count string", "invalid multibulk length");
          if (i < 0) return -1;
          if (this.#counted()) return i;
          break;
        case phases.type: {
          const type = chunk[i++] as number;
          if (type !== DOLLAR) throw new ProtocolError(`expected '$', got '${printable(type)}'`);
          this.#expectNumber(phases.length);
          break;
        }
        case phases.length:
          i = this.#digitsFrom(chunk, i, end, "too big bulk count string", "invalid bulk length");
          if (i < 0) return -1;
          this.#measured(i, end);
          break;
        case phases.body:
          if (end - i < this.#skip) {
            this.#skip -= end - i;
            return -1;
          }
          i += this.#skip;
          if (--this.#left === 0) {
            this.#phase = phases.start;
            return i;
          }
          this.#phase = phases.type;
          break;
        case phases.inline: {
          const found = chunk.indexOf(LF, i);
          const stop = found < 0 || found >= end ? end : found + 1;
          this.#skip += stop - i;
          if (this.#skip > inlineBytes) throw new ProtocolError("too big inline request");
          if (found < 0 || found >= end) return -1;
          this.#phase = phases.start;
          return stop;
        }
      }
    }
    return -1;
  }

  /**
   * The way that almost all commands go: a few short arguments, all here. Nothing is kept, and so nothing has happened
   * where it is not one of them.
   * @returns the position behind it; -1: to be walked step by step
   */
  #whole(chunk: Uint8Array, at: number, end: number): number {
    if (!this.isTrusted || end - at < shortestCommand || chunk[at] !== STAR) return -1;
    const count = (chunk[at + 1] as number) - ZERO;
    if (count < 1 || count > 9 || chunk[at + 2] !== CR || chunk[at + 3] !== LF) return -1;
    let i = at + 4;
    let nameStart = -1;
    let nameEnd = -1;
    for (let left = count; left > 0; left--) {
      // The shortest argument, `$0` and two line ends, ends with what is here.
      if (i + 6 > end || chunk[i] !== DOLLAR) return -1;
      let size = (chunk[i + 1] as number) - ZERO;
      if (size < 0 || size > 9) return -1;
      i += 2;
      if (chunk[i] !== CR) {
        const second = (chunk[i] as number) - ZERO;
        // Longer numbers, and those that begin with zero, are rare.
        if (second < 0 || second > 9 || size === 0 || chunk[i + 1] !== CR) return -1;
        size = size * 10 + second;
        i++;
      }
      if (chunk[i + 1] !== LF) return -1;
      i += 2;
      if (left === count) {
        nameStart = i;
        nameEnd = i + size;
      }
      i += size + 2;
    }
    if (i > end) return -1;
    this.isInline = this.isEmpty = false;
    this.count = count;
    this.nameStart = nameStart;
    this.nameEnd = nameEnd;
    return i;
  }

  #begin(first: number): void {
    this.isEmpty = false;
    this.nameStart = this.nameEnd = -1;
    this.count = 0;
    this.#skip = 0;
    this.isInline = first !== STAR;
    if (this.isInline) this.#phase = phases.inline;
    else this.#expectNumber(phases.count);
  }

  #expectNumber(phase: Phase): void {
    this.#phase = phase;
    this.#number = 0;
    this.#digits = 0;
    this.#negative = false;
    this.#sawReturn = false;
  }

  /** Reads a number and its line end. @returns the position behind it; -1: more is needed */
  #digitsFrom(chunk: Uint8Array, at: number, end: number, tooLong: string, invalid: string): number {
    let i = at;
    while (i < end) {
      const byte = chunk[i++] as number;
      if (this.#sawReturn) {
        if (byte !== LF || this.#digits === 0) throw new ProtocolError(invalid);
        return i;
      }
      if (byte === CR) this.#sawReturn = true;
      else if (byte >= ZERO && byte <= ZERO + 9) {
        // Redis's string2ll takes no leading zero, and so every length has one spelling.
        if (this.#digits > 0 && this.#number === 0) throw new ProtocolError(invalid);
        if (++this.#digits > 10) throw new ProtocolError(tooLong);
        this.#number = this.#number * 10 + byte - ZERO;
      } else if (byte === MINUS && this.#digits === 0 && !this.#negative) this.#negative = true;
      else throw new ProtocolError(invalid);
    }
    return -1;
  }

  /** The number of arguments is known. @returns whether that ends what has begun */
  #counted(): boolean {
    const count = this.#negative ? -this.#number : this.#number;
    if (count > argumentCount) throw new ProtocolError("invalid multibulk length");
    if (!this.isTrusted && count > argumentCountBeforeLogin)
      throw new ProtocolError("unauthenticated multibulk length");
    if (count <= 0) {
      this.isEmpty = true;
      this.#phase = phases.start;
      return true;
    }
    this.count = this.#left = count;
    this.#phase = phases.type;
    return false;
  }

  #measured(at: number, end: number): void {
    if (this.#negative || this.#number > argumentBytes) throw new ProtocolError("invalid bulk length");
    if (!this.isTrusted && this.#number > argumentBytesBeforeLogin)
      throw new ProtocolError("unauthenticated bulk length");
    if (this.#left === this.count && at + this.#number <= end) {
      this.nameStart = at;
      this.nameEnd = at + this.#number;
    }
    // Redis does not look at the line end behind an argument either.
    this.#skip = this.#number + 2;
    this.#phase = phases.body;
  }
}

function printable(byte: number): string {
  return byte > 31 && byte < 127 ? String.fromCharCode(byte) : "?";
}

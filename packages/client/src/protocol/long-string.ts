import { type Buffer, constants } from "node:buffer";
import { allocate, longText, type NativeBuffer } from "./native.ts";
import { malformed, refuse } from "./refusal.ts";
import { borrowSlab, largeSlab, returnSlab, smallSlab } from "./slabs.ts";

/** For the last bytes of a string a read of their own would cost more than the copy, bytes. */
const worthPlacing = 16 * 1024;

/** Up to this length an announced size is believed; a longer one once so many bytes have come, bytes. */
const trustedBytes = 8 * 1024 * 1024;

const CR = 13;
const LF = 10;

/**
 * A string that is longer than its chunk, filled from chunk after chunk, or by the socket itself (see `place`).
 *
 * Bytes come into memory of their own, which the caller keeps. Text comes into a slab and is decoded whenever that is full:
 * it needs no memory beside the string itself, and no step of it takes long.
 */
export class LongString {
  /** The byte that its type begins with. */
  readonly type: number;
  /** How many bytes are yet to come, the closing CR LF included. */
  missing: number;
  #memory: NativeBuffer;
  /** How many bytes of the memory are filled. */
  #filled = 0;
  /** What has been decoded of a text; null where bytes are wanted. */
  #text: string | null;

  /**
   * @param length as announced
   * @param asText whether it is to become a JavaScript string, which has a limit of its own
   * @throws RedoubtError `REPLY_LIMIT`, before any of its bytes has arrived
   */
  constructor(type: number, length: number, asText: boolean) {
    if (asText && length > constants.MAX_STRING_LENGTH) tooLong(length, constants.MAX_STRING_LENGTH);
    this.type = type;
    this.missing = length + 2;
    this.#text = asText ? "" : null;
    if (asText) this.#memory = borrowSlab(this.missing <= smallSlab ? smallSlab : largeSlab);
    else this.#memory = allocate(Math.min(this.missing, trustedBytes));
  }

  /**
   * Where its next bytes may land instead of in a chunk; null: that would gain nothing. New memory is filled faster by a copy
   * than by the system, which would meet each of its pages for the first time.
   */
  get place(): Buffer | null {
    return this.#text === null || this.missing < worthPlacing ? null : this.#room();
  }

  /** Says that so many bytes lie in its place. */
  landed(count: number): void {
    this.#filled += count;
    this.missing -= count;
    if (this.#filled < this.#memory.length || this.missing === 0) return;
    if (this.#text === null) this.#grow();
    else this.#text += this.#decode(this.#memory.length - Math.max(0, 2 - this.missing));
  }

  /** Takes the bytes of a chunk from `start` on that belong to it, `end` at most. @returns behind the last one it took */
  take(chunk: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && this.missing > 0) {
      const room = this.#room();
      const taken = Math.min(room.length, end - at);
      room.set(chunk.subarray(at, at + taken));
      this.landed(taken);
      at += taken;
    }
    return at;
  }

  /**
   * The whole string, once nothing is missing.
   * @throws RedoubtError `REPLY_PROTOCOL` if it does not end as a string does
   */
  finish(): string | NativeBuffer {
    const memory = this.#memory;
    const end = this.#filled - 2;
    if (memory[end] !== CR || memory[end + 1] !== LF) malformed("the end of a string");
    if (this.#text === null) return memory.subarray(0, end) as NativeBuffer;
    const text = this.#text + longText(memory, 0, end);
    returnSlab(memory);
    return text;
  }

  /** What of the memory is free, and needed. */
  #room(): Buffer {
    return this.#memory.subarray(this.#filled, Math.min(this.#memory.length, this.#filled + this.missing));
  }

  /** Whoever has sent so much may send the rest, too: its pages are taken only as they are filled. */
  #grow(): void {
    const larger = allocate(this.#filled + this.missing);
    larger.set(this.#memory.subarray(0, this.#filled));
    this.#memory = larger;
  }

  /** The text up to `end`, or up to a character that goes on behind it; what is left moves to the beginning. */
  #decode(end: number): string {
    const memory = this.#memory;
    const cut = endOfCharacters(memory, end);
    const text = longText(memory, 0, cut);
    memory.copyWithin(0, cut, this.#filled);
    this.#filled -= cut;
    return text;
  }
}

/** Where the last character begins that is not whole in UTF-8 before `end`; `end` if all are. */
function endOfCharacters(bytes: Buffer, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back] as number;
    if (byte < 0x80) return end;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? end - back : end;
  }
  return end;
}

/** Refuses a length that was announced. */
export function tooLong(length: number, limit: number): never {
  refuse("REPLY_LIMIT", `The peer announced a string of ${length} bytes, the limit is ${limit}`);
}

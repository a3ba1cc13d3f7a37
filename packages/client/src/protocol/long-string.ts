import { type Buffer, constants } from "node:buffer";
import { allocate, type NativeBuffer } from "./native.ts";
import { refuse } from "./refusal.ts";

/** Up to this length an announced size is believed; memory for longer strings grows with the bytes that arrive. */
const trustedBytes = 16 * 1024 * 1024;

/** A string that is longer than its chunk: memory of its own, filled from chunk after chunk. */
export class LongString {
  /** The byte that its type begins with. */
  readonly type: number;
  /** Its bytes with the closing CR LF; all there once {@link LongString.missing} is 0. */
  bytes: NativeBuffer;
  readonly #length: number;
  #filled = 0;

  /**
   * @param length as announced
   * @param asText whether it is to become a JavaScript string, which has a limit of its own
   * @throws RedoubtError `REPLY_LIMIT`, before any of its bytes has arrived
   */
  constructor(type: number, length: number, asText: boolean) {
    if (asText && length > constants.MAX_STRING_LENGTH) tooLong(length, constants.MAX_STRING_LENGTH);
    this.type = type;
    this.#length = length + 2;
    this.bytes = allocate(Math.min(this.#length, trustedBytes));
  }

  /** How many bytes are yet to come. */
  get missing(): number {
    return this.#length - this.#filled;
  }

  /** Takes the bytes of a chunk from `start` on that belong to it, `end` at most. @returns how many it took */
  take(chunk: Buffer, start: number, end: number): number {
    const taken = Math.min(this.missing, end - start);
    const filled = this.#filled + taken;
    if (filled > this.bytes.length) {
      const larger = allocate(Math.min(this.#length, Math.max(this.bytes.length * 2, filled)));
      this.bytes.copy(larger, 0, 0, this.#filled);
      this.bytes = larger;
    }
    chunk.copy(this.bytes, this.#filled, start, start + taken);
    this.#filled = filled;
    return taken;
  }
}

/** Refuses a length that was announced. */
export function tooLong(length: number, limit: number): never {
  refuse("REPLY_LIMIT", `The peer announced a string of ${length} bytes, the limit is ${limit}`);
}

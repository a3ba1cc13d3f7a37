import { Buffer } from "node:buffer";
import { CommandScanner } from "../resp/command-scanner.ts";
import { commandOf, wordsOf } from "../resp/words.ts";
import { type CommandRow, rowOf, sharedRow } from "./command-table.ts";

/** Commands up to this size are kept until they are whole, bytes; larger ones get a connection of their own, and flow. */
const largeCommand = 256 * 1024;

/** Pieces of a command that are kept apart. */
const mostPieces = 64;

/** Commands that are carried out the same way, as they came. */
export interface Batch {
  readonly bytes: Buffer;
  /** How many commands end in it. Parts of a large command: 1 for the first, else 0. */
  readonly count: number;
  readonly row: CommandRow;
  /** `whole`, or which part of one large command. */
  readonly part: "whole" | "first" | "more" | "last";
}

/** Divides what a client sends into batches: runs of commands that can be shared, and single ones that cannot. */
export class CommandReader {
  readonly #scanner = new CommandScanner();
  #chunks: Buffer[] = [];
  #chunk: Buffer | null = null;
  #at = 0;
  /** Beginning of a command that is not whole yet. */
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #isFlowing = false;
  #stashed: Batch | null = null;
  #error: Error | null = null;

  /** Whether bytes are there that were not looked at. */
  get hasInput(): boolean {
    return this.#chunk !== null || this.#stashed !== null || this.#error !== null;
  }

  /** Whether a command has begun and not ended. */
  get isWithin(): boolean {
    return this.#scanner.isWithin;
  }

  /** See `CommandScanner.isTrusted`. */
  set isTrusted(trusted: boolean) {
    this.#scanner.isTrusted = trusted;
  }

  feed(chunk: Buffer): void {
    if (this.#chunk === null) {
      this.#chunk = chunk;
      this.#at = 0;
    } else this.#chunks.push(chunk);
  }

  /**
   * The next batch; null when more input is needed.
   * @param most commands in it
   * @throws ProtocolError; nothing may be read afterwards
   */
  next(most: number): Batch | null {
    if (this.#error !== null) throw this.#error;
    const stashed = this.#stashed;
    if (stashed !== null) {
      this.#stashed = null;
      return stashed;
    }
    if (this.#isFlowing) return this.#flow();
    for (;;) {
      const chunk = this.#chunk;
      if (chunk === null) return null;
      const batch = this.#nextOf(chunk, most);
      if (this.#at >= chunk.length) this.#nextChunk();
      if (batch !== null) return batch;
    }
  }

  #nextOf(chunk: Buffer, most: number): Batch | null {
    const scanner = this.#scanner;
    const { length } = chunk;
    const start = this.#at;
    let count = 0;
    let runEnd = start;
    while (runEnd < length) {
      const end = this.#scan(chunk, runEnd, length);
      if (end < 0) {
        this.#at = length;
        this.#keep(chunk.subarray(runEnd));
        if (count > 0) return this.#run(chunk, start, runEnd, count);
        if (this.#error !== null) throw this.#error;
        return this.#partialBytes > largeCommand ? this.#beginFlow() : null;
      }
      this.#at = end;
      if (this.#partialBytes > 0) return this.#completed(chunk.subarray(runEnd, end));
      const { nameStart } = scanner;
      const row = nameStart < 0 ? null : rowOf(chunk, nameStart, scanner.nameEnd);
      if (row === sharedRow) {
        runEnd = end;
        if (++count >= most) break;
        continue;
      }
      const bytes = chunk.subarray(runEnd, end);
      if (count === 0) return row === null ? this.#unusual(bytes) : single(bytes, row);
      this.#stash(bytes, row);
      break;
    }
    return this.#run(chunk, start, runEnd, count);
  }

  /** What stands behind a run, for the next call. */
  #stash(bytes: Buffer, row: CommandRow | null): void {
    try {
      this.#stashed = row === null ? this.#unusual(bytes) : single(bytes, row);
    } catch (error) {
      this.#error = error as Error;
    }
  }

  /** What is wrong comes after the commands before it: it is told by the next call. */
  #scan(chunk: Buffer, at: number, end: number): number {
    try {
      return this.#scanner.next(chunk, at, end);
    } catch (error) {
      this.#error = error as Error;
      return -1;
    }
  }

  #run(chunk: Buffer, start: number, end: number, count: number): Batch {
    const bytes = start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end);
    return { bytes, count, row: sharedRow, part: "whole" };
  }

  /** What is no array of arguments: a line of words, or nothing. */
  #unusual(bytes: Buffer): Batch | null {
    if (this.#scanner.isEmpty) return null;
    const words = wordsOf(bytes);
    const [name] = words;
    if (name === undefined) return null;
    // A line has more ways to be misread than an array: nothing but arrays is sent on.
    return single(commandOf(words), rowOf(name, 0, name.length));
  }

  #keep(part: Buffer): void {
    this.#partial.push(part);
    this.#partialBytes += part.length;
    // Bytes that trickle in singly take hundreds of times their size.
    if (this.#partial.length >= mostPieces) this.#partial = [Buffer.concat(this.#partial)];
  }

  #takePartial(last: Buffer): Buffer {
    const bytes = Buffer.concat([...this.#partial, last]);
    this.#partial = [];
    this.#partialBytes = 0;
    return bytes;
  }

  #completed(last: Buffer): Batch | null {
    const { isInline, isEmpty } = this.#scanner;
    const bytes = this.#takePartial(last);
    return isInline || isEmpty ? this.#unusual(bytes) : single(bytes, rowIn(bytes));
  }

  #beginFlow(): Batch {
    const bytes = this.#takePartial(Buffer.alloc(0));
    this.#isFlowing = true;
    return { bytes, count: 1, row: rowIn(bytes), part: "first" };
  }

  #flow(): Batch | null {
    const chunk = this.#chunk;
    if (chunk === null) return null;
    const from = this.#at;
    const end = this.#scanner.next(chunk, from, chunk.length);
    const to = end < 0 ? chunk.length : end;
    this.#at = to;
    if (to >= chunk.length) this.#nextChunk();
    this.#isFlowing = end < 0;
    return { bytes: chunk.subarray(from, to), count: 0, row: sharedRow, part: end < 0 ? "more" : "last" };
  }

  #nextChunk(): void {
    this.#chunk = this.#chunks.shift() ?? null;
    this.#at = 0;
  }
}

function single(bytes: Buffer, row: CommandRow): Batch {
  return { bytes, count: 1, row, part: "whole" };
}

/** The row of a command by its first bytes, which hold its name. */
function rowIn(bytes: Buffer): CommandRow {
  const size = bytes.indexOf(10) + 1;
  const start = bytes.indexOf(10, size) + 1;
  return rowOf(bytes, start, start + Number(bytes.toString("latin1", size + 1, start - 2)));
}

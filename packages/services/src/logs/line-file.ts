import { Buffer } from "node:buffer";
import { type FileHandle, open, stat } from "node:fs/promises";
import { filesOf } from "./log-file.ts";

/** A line, and where it stands. */
export interface FoundLine {
  readonly text: string;
  /** Number of the file (inode), which stays when the file is renamed. */
  readonly file: number;
  /** Bytes before it. */
  readonly start: number;
  /** Bytes up to its end, the line break included. */
  readonly end: number;
}

/** A place in the log of a unit: everything before it has been read, or will be. */
export interface Place {
  readonly file: number;
  readonly at: number;
}

const LF = 10;
const chunkBytes = 64 * 1024;
/** A line that is longer is cut, so that nobody's log fills the memory. */
const longestLine = 8_192;

/** Tries to open all files between two rotations. */
const attempts = 20;

interface OpenFile {
  readonly handle: FileHandle;
  readonly file: number;
  readonly size: number;
  /** Whether more may be written to it: then a last line without an end is not whole yet. */
  readonly active: boolean;
}

/** The log of one unit, however many files it is in. Close it. */
export class UnitLog implements AsyncDisposable {
  /** From the oldest to the newest. */
  readonly #files: readonly OpenFile[];

  private constructor(files: readonly OpenFile[]) {
    this.#files = files;
  }

  static async open(folder: string, unit: string): Promise<UnitLog> {
    for (let attempt = 1; ; attempt++) {
      const paths = await filesOf(folder, unit);
      const log = new UnitLog(await openAll(paths));
      // Files that were renamed while they were opened may be there twice, or not at all.
      if (attempt === attempts || (await log.#isStill(await filesOf(folder, unit)))) return log;
      await log[Symbol.asyncDispose]();
    }
  }

  /** Behind the last whole line; null for an empty log. */
  async end(): Promise<Place | null> {
    const last = this.#files.at(-1);
    if (last === undefined) return null;
    const [line] = await this.backward(null, 1);
    return line?.file === last.file ? { file: last.file, at: line.end } : { file: last.file, at: 0 };
  }

  /** Up to `count` lines before a place, the newest first. @param before null: the end of the log */
  async backward(before: Place | null, count: number): Promise<FoundLine[]> {
    const lines: FoundLine[] = [];
    const from = before === null ? this.#files.length - 1 : this.#indexOf(before);
    for (let index = from; index >= 0 && lines.length < count; index--) {
      const file = this.#files[index] as OpenFile;
      const limit = index === from && before !== null ? before.at : file.size;
      lines.push(...(await linesBefore(file, limit, count - lines.length)));
    }
    return lines;
  }

  /** Up to `count` lines behind a place, the oldest first. @param after null: the beginning of the log */
  async forward(after: Place | null, count: number): Promise<FoundLine[]> {
    const lines: FoundLine[] = [];
    // Where the file of the place is gone, what is there now came later.
    const from = after === null ? 0 : Math.max(0, this.#indexOf(after));
    for (let index = from; index < this.#files.length && lines.length < count; index++) {
      const file = this.#files[index] as OpenFile;
      const start = after !== null && file.file === after.file ? after.at : 0;
      lines.push(...(await linesAfter(file, start, count - lines.length)));
    }
    return lines;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#files.map(({ handle }) => handle.close()));
  }

  async #isStill(paths: readonly string[]): Promise<boolean> {
    const found = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
    const now = found.map((one) => one?.ino).reverse();
    return now.length === this.#files.length && this.#files.every(({ file }, index) => file === now[index]);
  }

  #indexOf({ file }: Place): number {
    return this.#files.findIndex((one) => one.file === file);
  }
}

/** From the oldest to the newest. */
async function openAll(paths: readonly string[]): Promise<OpenFile[]> {
  const files: OpenFile[] = [];
  for (const [index, path] of paths.entries()) {
    const handle = await open(path, "r").catch(() => null);
    if (handle === null) continue;
    const { ino, size } = await handle.stat();
    if (files.some(({ file }) => file === ino)) await handle.close();
    else files.unshift({ handle, file: ino, size, active: index === 0 });
  }
  return files;
}

async function linesAfter(
  { handle, file, size, active }: OpenFile,
  start: number,
  count: number,
): Promise<FoundLine[]> {
  const lines: FoundLine[] = [];
  let held = Buffer.alloc(0);
  let base = start;
  let at = start;
  while (at < size && lines.length < count) {
    const chunk = await read(handle, at, Math.min(size, at + chunkBytes));
    if (chunk.length === 0) break;
    at += chunk.length;
    held = Buffer.concat([held, chunk]);
    let from = 0;
    for (let stop = held.indexOf(LF); stop >= 0 && lines.length < count; stop = held.indexOf(LF, from)) {
      lines.push({ text: textOf(held, from, stop), file, start: base + from, end: base + stop + 1 });
      from = stop + 1;
    }
    held = held.subarray(from);
    base += from;
  }
  if (!active && at >= size && held.length > 0 && lines.length < count)
    lines.push({ text: textOf(held, 0, held.length), file, start: base, end: base + held.length });
  return lines;
}

async function linesBefore(
  { handle, file, size, active }: OpenFile,
  limit: number,
  count: number,
): Promise<FoundLine[]> {
  const lines: FoundLine[] = [];
  let start = Math.min(limit, size);
  let held = Buffer.alloc(0);
  while (lines.length < count && (start > 0 || held.length > 0)) {
    const before = Math.max(0, start - chunkBytes);
    held = Buffer.concat([await read(handle, before, start), held]);
    start = before;
    for (;;) {
      if (lines.length >= count || held.length === 0) break;
      const whole = held[held.length - 1] === LF;
      const stop = whole ? held.length - 1 : held.length;
      const previous = stop === 0 ? -1 : held.lastIndexOf(LF, stop - 1);
      // Its beginning may stand in an earlier chunk.
      if (previous < 0 && start > 0) break;
      const from = previous + 1;
      if (whole || !active || start + held.length < size)
        lines.push({ text: textOf(held, from, stop), file, start: start + from, end: start + held.length });
      held = held.subarray(0, from);
    }
    if (start === 0) break;
  }
  return lines;
}

async function read(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from);
  return buffer.subarray(0, bytesRead);
}

const textOf = (bytes: Buffer, from: number, to: number): string =>
  bytes.toString("utf8", from, Math.min(to, from + longestLine)).replace(/\r$/, "");

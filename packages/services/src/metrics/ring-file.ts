import { Buffer } from "node:buffer";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { MetricsPeriod } from "../contract/metrics.ts";
import { type Archive, archives, type Sample, seriesTable } from "./series.ts";

/*
 * The file, little-endian, about 260 KB and never more:
 *
 *   header   32 bytes   "RDBTRING", u32 version, u32 series, u32 archives, u32 bytes of a record, 8 bytes of zero
 *   archive  for each row of `archives`, in order: `slots` slots
 *   slot     two records, written in turns: the mean of what was measured within one step
 *   record   u32 CRC-32 of the rest, u32 samples, f64 step (its start in seconds since 1970, divided by `step`),
 *            then for each series f64 mean and u32 number of values, padded to 8
 *
 * A step belongs into slot `step % slots`: there is no pointer to a head that could be wrong. A record whose CRC is wrong was
 * cut short by a crash; the other one of the slot is at most one sample older. Records of zero were never written.
 */
const magic = "RDBTRING";
const version = 1;
const headerBytes = 32;
const headBytes = 16;
const valueBytes = 16;
const recordBytes = headBytes + seriesTable.length * valueBytes;
const slotBytes = 2 * recordBytes;
const fileBytes = headerBytes + archives.reduce((sum, { slots }) => sum + slots * slotBytes, 0);

/** What a slot holds: the means of one step. */
interface Record {
  readonly step: number;
  readonly samples: number;
  readonly means: readonly { readonly mean: number; readonly count: number }[];
}

/** A point of a series: ms since 1970, and the mean of that step, null where nothing was measured. */
export type Point = readonly [time: number, value: number | null];

/** Series of one node in a file of fixed size, the older the coarser. One process writes; others may read. */
export class RingFile implements AsyncDisposable {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Opens the file, and makes it where there is none. A file that is no such ring is put aside as `….broken`. */
  static async open(path: string): Promise<RingFile> {
    const known = await open(path, "r+").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (known !== null) {
      const { size } = await known.stat();
      if (size === fileBytes && (await readAt(known, 0, headerBytes)).equals(header()))
        return new RingFile(known);
      await known.close();
      await rename(path, `${path}.broken`);
    }
    const made = `${path}.new`;
    await rm(made, { force: true });
    const handle = await open(made, "wx+", 0o600);
    try {
      await handle.truncate(fileBytes);
      await handle.write(header(), 0, headerBytes, 0);
      await handle.sync();
      // Whoever finds the file under its name finds all of it.
      await rename(made, path);
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new RingFile(handle);
  }

  /** Adds what was measured to its step in every archive. @param time ms since 1970 */
  async record(time: number, sample: Sample): Promise<void> {
    const values = seriesTable.map(({ name }) => sample[name]);
    let start = headerBytes;
    for (const archive of archives) {
      await this.#add(start, archive, Math.floor(time / 1000 / archive.step), values);
      start += archive.slots * slotBytes;
    }
  }

  /** All points of a period up to now, the oldest first, for each series in the order of the table. */
  async read(period: MetricsPeriod, now: number): Promise<Point[][]> {
    let start = headerBytes;
    for (const archive of archives) {
      if (archive.period === period) return this.#read(start, archive, Math.floor(now / 1000 / archive.step));
      start += archive.slots * slotBytes;
    }
    throw new Error(`no archive is called ${period as string}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }

  async #add(
    start: number,
    { slots }: Archive,
    step: number,
    values: readonly (number | null)[],
  ): Promise<void> {
    const at = start + (step % slots) * slotBytes;
    const slot = await readAt(this.#handle, at, slotBytes);
    const [first, second] = [decode(slot, 0), decode(slot, recordBytes)];
    const known = newest(first, second);
    const before = known?.step === step ? known : null;
    const means = values.map((value, index) => {
      const { mean, count } = before?.means[index] ?? { mean: 0, count: 0 };
      return value === null
        ? { mean, count }
        : { mean: mean + (value - mean) / (count + 1), count: count + 1 };
    });
    const written = encode({ step, samples: (before?.samples ?? 0) + 1, means });
    // The record that is known to be good is not touched.
    await this.#handle.write(
      written,
      0,
      recordBytes,
      known !== null && known === first ? at + recordBytes : at,
    );
  }

  async #read(start: number, { slots, step: seconds }: Archive, last: number): Promise<Point[][]> {
    const bytes = await readAt(this.#handle, start, slots * slotBytes);
    const points: Point[][] = seriesTable.map(() => []);
    for (let step = last - slots + 1; step <= last; step++) {
      const at = (step % slots) * slotBytes;
      const found = newest(decode(bytes, at), decode(bytes, at + recordBytes));
      for (const [index, row] of points.entries()) {
        const { mean, count } = (found?.step === step ? found.means[index] : undefined) ?? {
          mean: 0,
          count: 0,
        };
        row.push([step * seconds * 1000, count === 0 ? null : mean]);
      }
    }
    return points;
  }
}

function newest(a: Record | null, b: Record | null): Record | null {
  if (a === null || b === null) return a ?? b;
  if (a.step !== b.step) return a.step > b.step ? a : b;
  return a.samples >= b.samples ? a : b;
}

function encode({ step, samples, means }: Record): Buffer {
  const bytes = Buffer.alloc(recordBytes);
  bytes.writeUInt32LE(samples, 4);
  bytes.writeDoubleLE(step, 8);
  for (const [index, { mean, count }] of means.entries()) {
    bytes.writeDoubleLE(mean, headBytes + index * valueBytes);
    bytes.writeUInt32LE(count, headBytes + index * valueBytes + 8);
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  return bytes;
}

/** @returns null for what was never written, or not to its end */
function decode(bytes: Buffer, at: number): Record | null {
  const record = bytes.subarray(at, at + recordBytes);
  const samples = record.readUInt32LE(4);
  if (samples === 0 || record.readUInt32LE(0) !== crc32(record.subarray(4))) return null;
  const means = seriesTable.map((_, index) => ({
    mean: record.readDoubleLE(headBytes + index * valueBytes),
    count: record.readUInt32LE(headBytes + index * valueBytes + 8),
  }));
  return { step: record.readDoubleLE(8), samples, means };
}

function header(): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.write(magic, "latin1");
  for (const [index, value] of [version, seriesTable.length, archives.length, recordBytes].entries())
    bytes.writeUInt32LE(value, 8 + 4 * index);
  return bytes;
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await handle.read(bytes, 0, length, position);
  return bytes;
}

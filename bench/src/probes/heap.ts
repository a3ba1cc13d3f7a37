/** How much data of its own a measuring process holds, bytes. */
const size = 32 * 1024 * 1024;

/** What one record takes on the heap, bytes, about. */
const recordSize = 240;

interface RecordOfData {
  readonly id: number;
  readonly name: string;
  readonly tags: readonly string[];
  readonly at: number;
}

let data: readonly RecordOfData[] = [];

/**
 * Holds data as a program does, where a shape asks for it. V8 treats an empty program in a way of its own: below 8 MiB it
 * never marks, and a little above it marks after each 32 MiB of Buffers: which side a client falls on decides what Buffers cost.
 */
export function holdData(): void {
  if (data.length > 0) return;
  data = Array.from({ length: size / recordSize }, (_, id) => ({
    id,
    name: `record ${id}`,
    tags: [`a${id}`, `b${id}`],
    at: id + 0.5,
  }));
  // It has been there for long: nothing of it is to be moved, or looked at for the first time, while something is measured.
  globalThis.gc?.();
}

/** How many records are held. */
export function heldRecords(): number {
  return data.length;
}

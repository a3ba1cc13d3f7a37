import { Buffer } from "node:buffer";
import { asError } from "../session/line.ts";

/** Length of the mark at the end of a transfer of unknown size. Source: Redis's replication protocol. */
const markBytes = 40;

/** The answer to SYNC: line ends that keep the line alive, a head, the bytes of the file, and perhaps a mark. */
export class DumpReader {
  /** Bytes that the head announces; null for one that a mark ends; undefined before the head has come. */
  size: number | null | undefined;
  written = 0;
  readonly #write: (bytes: Buffer) => void;
  #mark: Buffer | null = null;
  #held: Buffer = Buffer.alloc(0);

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write;
  }

  /** @returns whether that was all. @throws RedoubtError for an error reply */
  take(bytes: Buffer): boolean {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    if (this.size === undefined && !this.#readHead()) return false;
    const { size } = this;
    if (typeof size === "number") {
      this.#give(Math.min(this.#held.length, size - this.written));
      return this.written === size;
    }
    const end = this.#held.length - markBytes;
    if (end < 0) return false;
    const isDone = this.#mark !== null && this.#held.subarray(end).equals(this.#mark);
    // The last bytes may be the beginning of the mark.
    this.#give(end);
    return isDone;
  }

  #readHead(): boolean {
    let start = 0;
    while (this.#held[start] === 0x0a) start++;
    const end = this.#held.indexOf("\r\n", start);
    if (end < 0) return false;
    const head = this.#held.toString("latin1", start, end);
    this.#held = this.#held.subarray(end + 2);
    if (head.startsWith("-")) throw asError(head.slice(1));
    if (head.startsWith("$EOF:")) {
      this.#mark = Buffer.from(head.slice(5), "latin1");
      this.size = null;
    } else {
      this.size = Number(head.slice(1));
    }
    return true;
  }

  #give(count: number): void {
    if (count <= 0) return;
    this.#write(this.#held.subarray(0, count));
    this.written += count;
    this.#held = this.#held.subarray(count);
  }
}

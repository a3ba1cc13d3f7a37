import { toBytes } from "../line/bytes.ts";

/** stdout, as bytes. */
export class Out {
  readonly #stream: NodeJS.WriteStream;
  readonly #gone = new AbortController();

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    // `… | head -1`: whoever has seen enough ends what would print for ever.
    stream.on("error", () => this.#gone.abort());
    stream.on("close", () => this.#gone.abort());
  }

  /** Aborted when nobody reads any more. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Writes byte text. Await it where much may be written: it waits until the reader has caught up. */
  write(byteText: string): Promise<void> {
    return this.bytes(toBytes(byteText));
  }

  async bytes(bytes: Buffer): Promise<void> {
    if (this.#gone.signal.aborted || bytes.length === 0 || this.#stream.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#stream.off("drain", done);
        this.#gone.signal.removeEventListener("abort", done);
        resolve();
      };
      this.#stream.once("drain", done);
      this.#gone.signal.addEventListener("abort", done);
    });
  }

  /** Waits until all is written. */
  async flush(): Promise<void> {
    if (this.#gone.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#gone.signal.addEventListener("abort", () => resolve());
      this.#stream.write("", () => resolve());
    });
  }
}

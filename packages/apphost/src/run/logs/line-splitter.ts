import { StringDecoder } from "node:string_decoder";

/** Characters of a line that are kept; a longer one is cut, so that nobody's output fills the memory. */
const longest = 16_384;

/** Makes lines of bytes as they come: UTF-8 across chunks, `\n` and `\r\n`, a limit of {@link longest} characters. */
export class LineSplitter {
  readonly #onLine: (text: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";
  /** Whether the line that is coming in was cut already. */
  #cut = false;

  constructor(onLine: (text: string) => void) {
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    const parts = this.#decoder.write(chunk).split("\n");
    const last = parts.pop() ?? "";
    for (const part of parts) {
      this.#grow(part);
      this.#emit();
    }
    this.#grow(last);
  }

  /** The output is over: what has no end of line is a line, too. */
  end(): void {
    this.#grow(this.#decoder.end());
    if (this.#rest !== "" || this.#cut) this.#emit();
  }

  #grow(part: string): void {
    if (this.#cut) return;
    this.#rest += part;
    if (this.#rest.length <= longest) return;
    this.#rest = this.#rest.slice(0, longest);
    this.#cut = true;
  }

  #emit(): void {
    const line = this.#cut ? `${this.#rest}…` : this.#rest.replace(/\r$/, "");
    this.#rest = "";
    this.#cut = false;
    this.#onLine(line);
  }
}

const longestLine = 2_000;

/** The last lines that a server wrote. Older ones are forgotten; secrets are masked as they come in. */
export class BoundedLog {
  readonly #limit: number;
  readonly #secrets: readonly string[];
  readonly #onLine: (line: string) => void;
  readonly #lines: string[] = [];
  #rest = "";

  /**
   * @param limit how many lines are kept
   * @param secrets texts that are shown as `*****`
   * @param onLine takes each line that is complete
   */
  constructor(limit: number, secrets: readonly string[] = [], onLine: (line: string) => void = () => {}) {
    this.#limit = limit;
    this.#onLine = onLine;
    this.#secrets = secrets.filter((secret) => secret !== "");
  }

  /** Takes a piece of text as it came; returns the lines that it completed. */
  add(text: string): string[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = (lines.pop() ?? "").slice(0, longestLine);
    const shown = lines.map((line) => this.#mask(line.slice(0, longestLine)));
    this.#lines.push(...shown);
    this.#lines.splice(0, this.#lines.length - this.#limit);
    for (const line of shown) this.#onLine(line);
    return shown;
  }

  toString(): string {
    return [...this.#lines, ...(this.#rest === "" ? [] : [this.#mask(this.#rest)])].join("\n");
  }

  #mask(line: string): string {
    return this.#secrets.reduce((text, secret) => text.replaceAll(secret, "*****"), line);
  }
}

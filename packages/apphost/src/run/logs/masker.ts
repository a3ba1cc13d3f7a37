/** What stands for a secret. */
export const mask = "*****";

/** Shorter secrets are not searched for: what would be masked is mostly not the secret. */
const shortest = 4;

/** Replaces secrets in what programs write, in all spellings in which they pass on: as they are, in a URI, in JSON. */
export class Masker {
  readonly #spellings = new Set<string>();
  #pattern: RegExp | null = null;

  /** Makes a secret known. */
  add(secret: string): void {
    // Logs are looked at line by line: a key in PEM is many secrets.
    for (const line of secret.split(/\r?\n/)) {
      if (line.trim().length < shortest) continue;
      const uri = encodeURIComponent(Buffer.from(line).toString());
      for (const spelling of [line, uri, JSON.stringify(line).slice(1, -1)]) this.#spellings.add(spelling);
    }
    this.#pattern = null;
  }

  mask(text: string): string {
    if (this.#spellings.size === 0) return text;
    return text.replace(this.#compiled(), mask);
  }

  #compiled(): RegExp {
    // The longest first: one secret may be the beginning of another.
    this.#pattern ??= new RegExp(
      [...this.#spellings]
        .sort((one, other) => other.length - one.length)
        .map((spelling) => spelling.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&"))
        .join("|"),
      "g",
    );
    return this.#pattern;
  }
}

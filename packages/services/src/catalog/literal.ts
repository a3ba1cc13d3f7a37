import type { ConfigValue } from "./option-row.ts";

/** Deeper than any option nests. */
const deepest = 8;

/**
 * Reads JSON, and Python's spelling of it (`['a', True, None]`, trailing commas), which people know from the command line
 * that this follows.
 *
 * @returns the value, or where the text cannot be read (index from 0)
 */
export function readLiteral(text: string): { readonly value: ConfigValue } | { readonly at: number } {
  const reader = new LiteralReader(text);
  try {
    return { value: reader.whole() };
  } catch (error) {
    if (error === unreadable) return { at: reader.at };
    throw error;
  }
}

const unreadable = new Error("unreadable");

const words: ReadonlyMap<string, ConfigValue> = new Map<string, ConfigValue>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["null", null],
  ["None", null],
]);

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

class LiteralReader {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): ConfigValue {
    const value = this.#value(0);
    this.#blanks();
    if (this.at < this.#text.length) throw unreadable;
    return value;
  }

  #value(depth: number): ConfigValue {
    this.#blanks();
    if (depth > deepest) throw unreadable;
    const next = this.#text[this.at];
    if (next === "[") return this.#list(depth);
    if (next === "{") return this.#object(depth);
    if (next === '"' || next === "'") return this.#string(next);
    const [word] = /^(?:[A-Za-z]+|[+-]?[\d.]+(?:[eE][+-]?\d+)?)/.exec(this.#text.slice(this.at)) ?? [];
    if (word === undefined) throw unreadable;
    const known = words.get(word);
    const value = known === undefined ? Number(word) : known;
    if (typeof value === "number" && !Number.isFinite(value)) throw unreadable;
    this.at += word.length;
    return value;
  }

  #list(depth: number): ConfigValue {
    const items: ConfigValue[] = [];
    this.at++;
    while (!this.#take("]")) {
      items.push(this.#value(depth + 1));
      if (!this.#take(",") && !this.#sees("]")) throw unreadable;
    }
    return items;
  }

  #object(depth: number): ConfigValue {
    const entries: [string, ConfigValue][] = [];
    this.at++;
    while (!this.#take("}")) {
      this.#blanks();
      const quote = this.#text[this.at];
      if (quote !== '"' && quote !== "'") throw unreadable;
      const key = this.#string(quote);
      if (!this.#take(":")) throw unreadable;
      entries.push([key, this.#value(depth + 1)]);
      if (!this.#take(",") && !this.#sees("}")) throw unreadable;
    }
    return Object.fromEntries(entries);
  }

  #string(quote: string): string {
    let result = "";
    this.at++;
    for (;;) {
      const next = this.#text[this.at];
      if (next === undefined) throw unreadable;
      this.at++;
      if (next === quote) return result;
      result += next === "\\" ? this.#escape() : next;
    }
  }

  #escape(): string {
    const next = this.#text[this.at++];
    if (next === undefined) throw unreadable;
    if (next !== "u") return escapes[next] ?? next;
    const code = /^[\da-fA-F]{4}/.exec(this.#text.slice(this.at))?.[0];
    if (code === undefined) throw unreadable;
    this.at += 4;
    return String.fromCharCode(Number.parseInt(code, 16));
  }

  #take(character: string): boolean {
    if (!this.#sees(character)) return false;
    this.at++;
    return true;
  }

  #sees(character: string): boolean {
    this.#blanks();
    return this.#text[this.at] === character;
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.at] ?? "")) this.at++;
  }
}

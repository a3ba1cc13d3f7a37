const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\u0007" };
const blank = /[\t-\r ]/;
const hex = /^[0-9a-f]{2}$/i;

/**
 * Splits a line into arguments by redis-cli's rules: blanks separate; `"…"` knows `\n \r \t \b \a \xHH` and takes any other
 * character behind `\` as it is; `'…'` knows `\'`; behind a closing quote comes a blank or the end.
 *
 * @param line one character for each byte
 * @returns null where a quote is not closed, or something follows a closing one
 */
export function splitLine(line: string): string[] | null {
  const reader = new LineReader(line);
  const words: string[] = [];
  for (let word = reader.next(); word !== undefined; word = reader.next()) {
    if (word === null) return null;
    words.push(word);
  }
  return words;
}

/** A text that is one quoted word, as `--quoted-input` and `--quoted-pattern` take it; null where it is none. */
export function unquote(text: string): string | null {
  const words = splitLine(text);
  return words?.length === 1 ? (words[0] as string) : null;
}

class LineReader {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  /** The next word; undefined at the end, null where the line is broken. */
  next(): string | null | undefined {
    while (blank.test(this.#line[this.#at] ?? "")) this.#at++;
    if (this.#at >= this.#line.length) return undefined;
    let word = "";
    for (; ; this.#at++) {
      const sign = this.#line[this.#at];
      if (sign === undefined || " \n\r\t".includes(sign)) return word;
      if (sign !== '"' && sign !== "'") {
        word += sign;
        continue;
      }
      const quoted = this.#quoted(sign);
      if (quoted === null) return null;
      return word + quoted;
    }
  }

  /** What stands between quotes, from the opening one on. */
  #quoted(quote: string): string | null {
    let text = "";
    for (this.#at++; this.#at < this.#line.length; this.#at++) {
      const sign = this.#line[this.#at] as string;
      if (sign === quote) {
        this.#at++;
        const after = this.#line[this.#at];
        return after === undefined || blank.test(after) ? text : null;
      }
      if (sign === "\\") text += quote === '"' ? this.#escape() : this.#apostrophe();
      else text += sign;
    }
    return null;
  }

  #escape(): string {
    const digits = this.#line.slice(this.#at + 2, this.#at + 4);
    if (this.#line[this.#at + 1] === "x" && hex.test(digits)) {
      this.#at += 3;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const next = this.#line[this.#at + 1];
    if (next === undefined) return "\\";
    this.#at++;
    return escapes[next] ?? next;
  }

  #apostrophe(): string {
    if (this.#line[this.#at + 1] !== "'") return "\\";
    this.#at++;
    return "'";
  }
}

/** Functions that Bicep and ARM JSON share, as far as the tests use them. */
export const shared: Readonly<Record<string, (...args: never[]) => unknown>> = {
  take: (text: string, count: number) => text.slice(0, count),
  toLower: (text: string) => text.toLowerCase(),
  toUpper: (text: string) => text.toUpperCase(),
  guid: (...parts: string[]) => parts.map((part) => `<${part}>`).join(""),
  length: (of: string | unknown[]) => of.length,
  uriComponent: (text: string) => encodeURIComponent(text),
};

/** As text inside other text: Azure writes `True` and `False`. */
export function inText(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A place in a text. */
export class Cursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Skips blanks and new lines. */
  skip(): this {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
    return this;
  }

  /** Whether this stands here, behind blanks; then it is taken. */
  take(token: string): boolean {
    this.skip();
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  need(token: string): void {
    if (!this.take(token)) throw new Error(`${token} expected at ${this.at} of ${this.text}`);
  }

  match(pattern: RegExp): string | undefined {
    this.skip();
    const found = new RegExp(pattern.source, "uy");
    found.lastIndex = this.at;
    const text = found.exec(this.text)?.[0];
    if (text !== undefined) this.at += text.length;
    return text;
  }

  end(): void {
    this.skip();
    if (this.at !== this.text.length) throw new Error(`more text at ${this.at} of ${this.text}`);
  }
}

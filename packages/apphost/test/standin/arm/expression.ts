/** An expression of the template language, read. */
export type Node =
  | { readonly kind: "literal"; readonly value: string | number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: "member"; readonly of: Node; readonly key: Node };

/** What is wrong with a template; becomes `InvalidTemplate`. */
export class TemplateFault extends Error {
  readonly code: string;

  constructor(message: string, code = "InvalidTemplate") {
    super(message);
    this.code = code;
  }
}

/** Whether a text is an expression: in brackets, and not an escaped bracket. */
export function isExpression(text: string): boolean {
  return text.startsWith("[") && text.endsWith("]") && !text.startsWith("[[");
}

/** Reads `[…]`. Source of the grammar: Microsoft's "Syntax and expressions in ARM templates". */
export function readExpression(text: string): Node {
  const reader = new Reader(text.slice(1, -1));
  const node = reader.expression();
  reader.end();
  return node;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  expression(): Node {
    this.#blanks();
    let node = this.#primary();
    for (;;) {
      this.#blanks();
      if (this.#take(".")) node = { kind: "member", of: node, key: { kind: "literal", value: this.#name() } };
      else if (this.#take("[")) {
        node = { kind: "member", of: node, key: this.expression() };
        this.#must("]");
      } else return node;
    }
  }

  end(): void {
    this.#blanks();
    if (this.#at < this.#text.length) throw this.#fault("text behind the expression");
  }

  #primary(): Node {
    if (this.#text[this.#at] === "'") return { kind: "literal", value: this.#string() };
    const [number] = /^-?\d+/.exec(this.#text.slice(this.#at)) ?? [];
    if (number !== undefined) {
      this.#at += number.length;
      return { kind: "literal", value: Number(number) };
    }
    const name = this.#name();
    this.#must("(");
    const args: Node[] = [];
    this.#blanks();
    if (!this.#take(")")) {
      do args.push(this.expression());
      while (this.#take(","));
      this.#must(")");
    }
    return { kind: "call", name, args };
  }

  #string(): string {
    let value = "";
    for (this.#at++; ; this.#at++) {
      const character = this.#text[this.#at];
      if (character === undefined) throw this.#fault("a text that does not end");
      if (character === "'") {
        if (this.#text[this.#at + 1] !== "'") break;
        this.#at++;
      }
      value += character;
    }
    this.#at++;
    return value;
  }

  #name(): string {
    const [name] = /^[A-Za-z_$][\w$]*/.exec(this.#text.slice(this.#at)) ?? [];
    if (name === undefined) throw this.#fault("a name was expected");
    this.#at += name.length;
    return name;
  }

  #must(token: string): void {
    this.#blanks();
    if (!this.#take(token)) throw this.#fault(`"${token}" was expected`);
  }

  #take(token: string): boolean {
    this.#blanks();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #fault(what: string): TemplateFault {
    return new TemplateFault(
      `Unable to parse language expression '${this.#text}': ${what} at position ${this.#at}.`,
    );
  }
}

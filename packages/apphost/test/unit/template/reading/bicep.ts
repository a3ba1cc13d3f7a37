import { Cursor, inText, shared } from "./functions.ts";

/** The value of a Bicep expression. Written after Bicep's grammar, not after our writer. */
export function readBicep(text: string, parameters: Readonly<Record<string, unknown>> = {}): unknown {
  const cursor = new Cursor(text);
  const value = new Reader(cursor, parameters).ternary();
  cursor.end();
  return value;
}

class Reader {
  readonly #cursor: Cursor;
  readonly #parameters: Readonly<Record<string, unknown>>;

  constructor(cursor: Cursor, parameters: Readonly<Record<string, unknown>>) {
    this.#cursor = cursor;
    this.#parameters = parameters;
  }

  ternary(): unknown {
    const condition = this.#equality();
    if (!this.#cursor.take("?")) return condition;
    const yes = this.ternary();
    this.#cursor.need(":");
    const no = this.ternary();
    return condition === true ? yes : no;
  }

  #equality(): unknown {
    const left = this.#unary();
    if (this.#cursor.take("==")) return left === this.#unary();
    if (this.#cursor.take("!=")) return left !== this.#unary();
    return left;
  }

  #unary(): unknown {
    if (this.#cursor.match(/!(?!=)/) !== undefined) return this.#unary() !== true;
    if (this.#cursor.take("-")) return -(this.#unary() as number);
    return this.#postfix(this.#primary());
  }

  #postfix(value: unknown): unknown {
    // Only directly behind the value: on a line of its own, `[` begins the next item of an array.
    const next = this.#cursor.text[this.#cursor.at];
    if (next !== "." && next !== "[") return value;
    this.#cursor.need(next);
    if (next === ".") return this.#postfix(member(value, this.#name()));
    const index = this.ternary();
    this.#cursor.need("]");
    return this.#postfix(member(value, index as string));
  }

  #name(): string {
    const name = this.#cursor.match(/[A-Za-z_][A-Za-z0-9_]*/);
    if (name === undefined) throw new Error(`name expected at ${this.#cursor.at}`);
    return name;
  }

  #primary(): unknown {
    const cursor = this.#cursor;
    if (cursor.take("(")) {
      const value = this.ternary();
      cursor.need(")");
      return value;
    }
    if (cursor.take("'")) return this.#string();
    if (cursor.take("{")) {
      const members: [string, unknown][] = [];
      while (!cursor.take("}")) {
        const name = cursor.take("'") ? (this.#string() as string) : this.#name();
        cursor.need(":");
        members.push([name, this.ternary()]);
      }
      return Object.fromEntries(members);
    }
    if (cursor.take("[")) {
      const items: unknown[] = [];
      while (!cursor.take("]")) items.push(this.ternary());
      return items;
    }
    const number = cursor.match(/\d+/);
    if (number !== undefined) return Number(number);
    const name = this.#name();
    if (name === "true" || name === "false") return name === "true";
    if (name === "null") return null;
    // Only directly behind the name, for the same reason.
    if (cursor.text[cursor.at] !== "(") return this.#parameters[name];
    cursor.need("(");
    const args: unknown[] = [];
    while (!cursor.take(")")) {
      args.push(this.ternary());
      cursor.take(",");
    }
    return shared[name]?.(...(args as never[]));
  }

  /** Behind its first quote. Bicep knows the escapes `\\ \' \n \r \t \$` and `\u{…}`. */
  #string(): string {
    let value = "";
    for (;;) {
      const { text } = this.#cursor;
      const character = text[this.#cursor.at++];
      if (character === undefined || character === "\n") throw new Error("a string must end on its line");
      if (character === "'") return value;
      if (character === "$" && text[this.#cursor.at] === "{") {
        this.#cursor.at++;
        value += inText(this.ternary());
        this.#cursor.need("}");
      } else if (character === "\\") value += this.#escape();
      else value += character;
    }
  }

  #escape(): string {
    const cursor = this.#cursor;
    const letter = cursor.text[cursor.at++] ?? "";
    if (letter !== "u") {
      const meant = { "\\": "\\", "'": "'", n: "\n", r: "\r", t: "\t", $: "$" }[letter];
      if (meant === undefined) throw new Error(`there is no escape \\${letter}`);
      return meant;
    }
    const code = /^\{([0-9a-f]+)\}/.exec(cursor.text.slice(cursor.at));
    if (code === null) throw new Error("\\u{…} expected");
    cursor.at += code[0].length;
    return String.fromCodePoint(Number.parseInt(code[1] as string, 16));
  }
}

function member(value: unknown, name: string): unknown {
  return (value as Record<string, unknown>)[name];
}

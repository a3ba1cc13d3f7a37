import { inspect } from "node:util";

/** What is printed in place of every secret. */
export const mask = "*****";

/**
 * A text that must not leave the process by accident. Printing, JSON and `util.inspect` give `*****`;
 * only {@link Secret.reveal} gives the text.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}

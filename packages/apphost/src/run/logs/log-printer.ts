import type { LogLine } from "./log-store.ts";
import { Ring } from "./ring.ts";

/** Colours that are told apart on dark and light ground: cyan, green, yellow, blue, magenta, then the bright ones. */
const colours = [36, 32, 33, 34, 35, 96, 92, 93, 94, 95] as const;

/** The longest prefix that widens the column of all; longer names stand out. */
const widest = 24;

/** How many lines are kept back while somebody is asked something. */
const heldLines = 1_000;

/** Where lines are written. */
export interface Terminal {
  /** Whether colours are wanted: a terminal that is not dumb, and no `NO_COLOR`. */
  readonly colour: boolean;
  write(text: string): void;
}

/** Writes lines of logs for people: the resource in front, in a colour of its own. */
export class LogPrinter {
  readonly #terminal: Terminal;
  readonly #order = new Map<string, number>();
  readonly #width: number;
  /** Lines that wait until a question is answered; null: none is open. */
  #held: Ring<LogLine> | null = null;

  /** @param names of all resources: they decide how wide the column is, and which colour each has */
  constructor(terminal: Terminal, names: readonly string[]) {
    this.#terminal = terminal;
    this.#width = Math.min(widest, Math.max(0, ...names.map(({ length }) => length)));
    for (const name of names) this.#order.set(name, this.#order.size);
  }

  /** Keeps lines back, the newest ones if there are many: somebody is asked something at the same terminal. */
  hold(): void {
    this.#held ??= new Ring({ count: heldLines });
  }

  /** Writes what was kept back, and all that comes. */
  release(): void {
    const held = this.#held?.last(heldLines) ?? [];
    this.#held = null;
    for (const line of held) this.print(line);
  }

  print(line: LogLine): void {
    if (this.#held !== null) return this.#held.push(line);
    const { resource, stream, text } = line;
    const { colour } = this.#terminal;
    const name = resource.padEnd(this.#width);
    const prefix = colour ? paint(this.#colourOf(resource), `${name} |`) : `${name} |`;
    const shown = calm(text, colour);
    const body = colour && stream === "system" ? paint(2, shown) : shown;
    // A program that has set a colour and not taken it back does not colour what others write.
    this.#terminal.write(`${prefix} ${body}${colour && shown.includes("\u001b") ? "\u001b[0m" : ""}\n`);
  }

  #colourOf(resource: string): number {
    const place = this.#order.get(resource) ?? 0;
    return colours[place % colours.length] ?? colours[0];
  }
}

/** Whether a stream takes colours, by the conventions of `NO_COLOR` and `TERM=dumb`. */
export function wantsColour(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
}

const paint = (code: number, text: string): string => `\u001b[${code}m${text}\u001b[${code === 2 ? 22 : 39}m`;

/**
 * What a program wrote, so that it steers no terminal: sequences that set colours stay where colours are wanted, everything else
 * that is not text is left out, or shown as an escape.
 */
export function calm(text: string, colour: boolean): string {
  return (
    text
      // Operating system commands (titles, links, the clipboard), then control sequences.
      .replace(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g, "")
      .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, (sequence) =>
        colour && /^\u001b\[[\d;:]*m$/.test(sequence) ? sequence : "",
      )
      // A progress bar writes over its line: the last state is what is left of it.
      .replace(/^.*\r(?=.)/, "")
      .replace(/[\u0000-\u0008\u000a-\u001a\u001c-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, escaped)
      .replace(/\u001b(?!\[[\d;:]*m)/g, "\\x1b")
  );
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code}`;
}

import type { Secret } from "@redoubt/client";

/** A stream to write to: the part of `process.stdout` that is used here. */
export interface Sink {
  readonly isTTY?: boolean;
  write(text: string, done?: () => void): boolean;
}

type Style = "good" | "bad" | "warn" | "strong" | "faint";

const styles: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
  strong: [1, 22],
  faint: [2, 22],
};

/** Puts a style around a text, or leaves it alone where colours are not wanted. */
export type Paint = (style: Style, text: string) => string;

/** Keys of JSON output whose values are sentences, in which a peer or a system may have quoted something. */
const freeText = new Set(["message", "hint", "detail", "fix"]);

/** Shorter secrets are not searched for in sentences: what would be masked is mostly not the secret. */
const shortestSought = 4;

/**
 * All that the program prints goes through here: data to stdout, talk to stderr.
 *
 * Secrets are kept out by structure (they are `Secret` until someone reveals them). What others wrote, for example the
 * text of a server's error, may still quote one: {@link Output.foreign} masks every secret that was made known with
 * {@link Output.hide}. Control characters never reach the terminal.
 */
export class Output {
  /** For data. */
  readonly paint: Paint;
  /** For talk. */
  readonly paintTalk: Paint;
  readonly #stdout: Sink;
  readonly #stderr: Sink;
  readonly #secrets = new Map<string, Secret>();

  constructor(stdout: Sink, stderr: Sink, environment: NodeJS.ProcessEnv) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.paint = painter(stdout, environment);
    this.paintTalk = painter(stderr, environment);
  }

  /** Whether a person reads the talk. */
  get talksToTerminal(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** Makes a secret known, so that it is masked wherever someone else's text quotes it. */
  hide(secret: Secret | null): void {
    if (secret === null) return;
    const text = secret.reveal();
    if (text.length < shortestSought) return;
    this.#secrets.set(text, secret);
    // Through UTF-8, because a lone surrogate would make encodeURIComponent throw.
    this.#secrets.set(encodeURIComponent(Buffer.from(text).toString()), secret);
  }

  /** One line of someone else's text for a person, with known secrets masked. */
  foreign(text: string): string {
    return inert(this.#masked(text));
  }

  /** Data for people: one or more lines to stdout. */
  line(text = ""): void {
    this.#stdout.write(`${harmless(text)}\n`);
  }

  /** Data for programs: to stdout, not changed in any way. */
  exact(text: string): void {
    this.#stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  }

  /** One JSON document to stdout. */
  json(value: unknown): void {
    const masked = (key: string, part: unknown) =>
      typeof part === "string" && freeText.has(key) ? this.#masked(part) : part;
    this.exact(JSON.stringify(value, masked, 2));
  }

  /** Talk: one or more lines to stderr. */
  note(text = ""): void {
    this.#stderr.write(`${harmless(text)}\n`);
  }

  #masked(text: string): string {
    let masked = text;
    for (const [spelling, secret] of this.#secrets) masked = masked.replaceAll(spelling, secret.toString());
    return masked;
  }

  /** Resolves when both streams have taken everything that was written. */
  async flush(): Promise<void> {
    await Promise.all(
      [this.#stdout, this.#stderr].map(
        (sink) => new Promise<void>((resolve) => sink.write("", () => resolve())),
      ),
    );
  }
}

/** Lines of two columns, the first as wide as its widest cell; every line begins with two spaces. Texts are {@link inert}. */
export function columns(rows: readonly (readonly [label: string, text: string])[]): string {
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `  ${label.padEnd(width)}  ${inert(text)}`.trimEnd()).join("\n");
}

/**
 * One line of text as it is to be seen: what would begin another line, change colours or turn the direction of writing is
 * shown as an escape, so that a name or a reply cannot pose as something that this program says.
 */
export function inert(text: string): string {
  return text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, escaped);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code}`;
}

function painter(sink: Sink, environment: NodeJS.ProcessEnv): Paint {
  const colours = sink.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
  if (!colours) return (_style, text) => text;
  return (style, text) => `\u001b[${styles[style][0]}m${text}\u001b[${styles[style][1]}m`;
}

/** The last net below {@link inert}: whatever is printed steers no terminal. Keeps lines and our styles. */
function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  const control = /\u001b(?!\[\d{1,2}m)|[\u0000-\u0009\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;
  return text.replace(control, escaped);
}

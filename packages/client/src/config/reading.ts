import { type ErrorCode, RedoubtError } from "../errors.ts";
import type { NamedEndpoint } from "./endpoint.ts";
import type { NoticeCode } from "./notices.ts";
import { type KnownWord, type OptionName, optionRow } from "./option-table.ts";
import type { Provider } from "./providers/provider.ts";
import type { Dialect, Warning } from "./target.ts";
import { readValue, type Value } from "./value.ts";

/** A piece of the text that was parsed, UTF-16 units from 0, end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An option that the string set. */
export interface Setting extends Span {
  readonly value: Value;
  /** As the dialect calls it. */
  readonly word: string;
}

/** What {@link DialectRules.defaultPort} may look at. */
export interface PortFacts {
  readonly tls: boolean;
  readonly sentinel: boolean;
  /** Whether the string has a word for TLS, whatever it says. */
  readonly tlsWord: boolean;
  readonly provider: Provider | null;
  /** What the caller wants where the dialect's own rule leaves it open, for example 26379 for Sentinels. */
  readonly fallback: number | undefined;
}

/** Where the dialects differ after reading. */
export interface DialectRules {
  /** Whether the vendor's profile decides about TLS when the string says nothing. */
  readonly tlsByProvider: boolean;
  /** Whether options of TLS without TLS are refused, since the reader of the string would believe that it is encrypted. */
  readonly refusesTlsOptionsInPlainText: boolean;
  /** Whether Sentinels get user and password of Redis where the string has none for them. */
  readonly sentinelsShareCredentials: boolean;
  readonly defaultPort: (facts: PortFacts) => number;
}

/** What a dialect's reader found, before defaults are applied. */
export interface Reading {
  readonly dialect: Dialect;
  readonly rules: DialectRules;
  readonly endpoints: readonly (NamedEndpoint & Span)[];
  readonly settings: ReadonlyMap<OptionName, Setting>;
  readonly warnings: readonly Warning[];
}

/**
 * Gathers what a dialect's reader finds. Positions are those of the whole text: `base` is where the piece that the
 * reader sees begins in it. Its errors never repeat the text, because any piece of it may belong to a password.
 */
export class Draft implements Reading {
  readonly dialect: Dialect;
  readonly rules: DialectRules;
  readonly base: number;
  readonly endpoints: (NamedEndpoint & Span)[] = [];
  readonly settings = new Map<OptionName, Setting>();
  readonly warnings: Warning[] = [];
  /** What was said or named before: lists of a hundred thousand must not take a minute. */
  readonly #known = new Set<string>();

  constructor(dialect: Dialect, rules: DialectRules, base: number) {
    this.dialect = dialect;
    this.rules = rules;
    this.base = base;
  }

  /** The error for a fault at an index of the reader's text. */
  error(code: ErrorCode, message: string, index: number, hint?: string): RedoubtError {
    return positionedError(code, message, this.base + index, hint);
  }

  /** Says what may surprise; what was said already is not said again for another place. */
  warn(code: NoticeCode, message: string, index: number): void {
    if (this.#isKnown(code, message)) return;
    this.warnings.push({ code, message, position: this.base + index });
  }

  /** Adds an endpoint; one that is there already is left out. */
  endpoint(endpoint: NamedEndpoint, { start, end }: Span): void {
    const { host, port, path } = endpoint;
    if (this.#isKnown("endpoint", host, port, path)) return;
    this.endpoints.push({ ...endpoint, start: this.base + start, end: this.base + end });
  }

  /** Whether this was asked before. */
  #isKnown(...facts: readonly unknown[]): boolean {
    const key = JSON.stringify(facts);
    const known = this.#known.has(key);
    this.#known.add(key);
    return known;
  }

  /** Sets an option to a value that needs no reading; an empty text stands for nothing. */
  put(name: OptionName, value: Value, word: string, { start, end }: Span): void {
    this.settings.set(name, { value, word, start: this.base + start, end: this.base + end });
  }

  /** Reads the text of a value and sets the option; a later one replaces an earlier one. */
  set(known: KnownWord, text: string, span: Span): void {
    const { name, word } = known;
    const row = optionRow(name);
    if (row.effect === "ignored") {
      this.warn("ignored-option", `${word} is obsolete and has no effect`, span.start);
      return;
    }
    const reading = readValue(known, text, this.dialect);
    if ("problem" in reading) {
      const code = reading.insecure ? "CONFIG_INSECURE" : "CONFIG_INVALID_VALUE";
      throw this.error(code, `${word} ${reading.problem}`, span.start);
    }
    if (row.notice !== undefined) this.warn("option-not-applied", `${word}: ${row.notice}`, span.start);
    this.put(name, reading.value, word, span);
  }
}

/** An error about the text that was parsed; the position is also in the message. */
export function positionedError(
  code: ErrorCode,
  message: string,
  position: number,
  hint?: string,
): RedoubtError {
  return new RedoubtError(code, `${message} (position ${position})`, {
    position,
    ...(hint === undefined ? {} : { hint }),
  });
}

import type { Dialect } from "./target.ts";

/** How the text of a value is read. */
export type OptionType =
  | "text"
  | "boolean"
  | "integer"
  | "duration"
  | "database"
  | "file"
  | "TLS version"
  | "TLS versions"
  | "verification"
  | "pins"
  | "protocol"
  | "server version"
  | "proxy"
  | "tunnel";

/** What Redoubt does with an option. `used`: it shapes the target. `kept`: it is in `target.options`. `ignored`: accepted, not looked at. */
export type OptionEffect = "used" | "kept" | "ignored";

/** A word of a dialect for an option. */
export interface OptionWord {
  readonly word: string;
  /** Where the dialect counts seconds; else milliseconds. */
  readonly unit?: "s";
  /** Smallest number that the dialect accepts. */
  readonly min?: number;
}

export interface OptionRow {
  readonly type: OptionType;
  readonly effect: OptionEffect;
  /** What holds when the string does not say. */
  readonly default: string;
  /** A secret is masked wherever the target is shown, and its value is in no message. */
  readonly secret?: true;
  /** An option that only means something with TLS: without TLS it is a trap. */
  readonly tls?: true;
  /** How a client tunes itself: a dialect without a word for it leaves it out, and the connection means the same. */
  readonly tuning?: true;
  /** The words of each dialect, the one that is written first. */
  readonly words: Readonly<Partial<Record<Dialect, readonly (string | OptionWord)[]>>>;
  /** One line. */
  readonly meaning: string;
  /** Warning for everyone who sets it. */
  readonly notice?: string;
}

/** A word after which the dialect counts seconds. */
export const seconds = (word: string): OptionWord => ({ word, unit: "s" });
/** A word after which the dialect wants at least 1. */
export const atLeastOne = (word: string): OptionWord => ({ word, min: 1 });

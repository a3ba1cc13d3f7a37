import { readUrl } from "./dialects/url.ts";
import { resolve } from "./resolve.ts";
import type { Dialect, Target } from "./target.ts";

export interface ParseOptions {
  /** Read the text as this dialect instead of recognising it. */
  readonly from?: Dialect;
  /** Port where the string names none; for example 26379 for Sentinels. */
  readonly defaultPort?: number;
}

/**
 * Reads a connection string of any dialect.
 *
 * @throws RedoubtError with a code of the family CONFIG, with the position, never with a secret
 */
export function parse(text: string, options: ParseOptions = {}): Target {
  return resolve(readUrl(text), options.defaultPort);
}

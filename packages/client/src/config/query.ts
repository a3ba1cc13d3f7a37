import type { RedoubtError } from "../errors.ts";
import { nearestName } from "./nearest.ts";
import { dictionaryOf, type KnownWord, optionRow, wordsOf } from "./option-table.ts";
import type { Draft, Span } from "./reading.ts";

/** One `key=value` of a query or a list. `value` is `null` where there is no `=`. */
export interface Pair extends Span {
  readonly key: string;
  readonly value: string | null;
  /** Where the value begins. */
  readonly valueStart: number;
}

/** Splits at a separator and each piece at its first `=`; `start` is where the text begins in the reader's text. */
export function splitPairs(text: string, separator: string, start: number): Pair[] {
  const pairs: Pair[] = [];
  for (const piece of text.split(separator)) {
    const equals = piece.indexOf("=");
    pairs.push({
      key: equals < 0 ? piece : piece.slice(0, equals),
      value: equals < 0 ? null : piece.slice(equals + 1),
      start,
      valueStart: equals < 0 ? start + piece.length : start + equals + 1,
      end: start + piece.length,
    });
    start += piece.length + separator.length;
  }
  return pairs;
}

/**
 * The word of the dialect that a wrong one may stand for: one that is spelled nearly the same, or its own word for an
 * option that another dialect calls so. `null` for none.
 */
export function meantWord(key: string, { dialect }: Draft): KnownWord | null {
  const own = dictionaryOf(dialect);
  const near = nearestName(key, own.keys());
  if (near !== null) return own.get(near) ?? null;
  const elsewhere = wordElsewhere(key);
  return elsewhere === null ? null : (wordsOf(elsewhere.name, dialect)[0] ?? null);
}

/** The option that a URL or StackExchange.Redis calls so. */
export function wordElsewhere(key: string): KnownWord | null {
  const folded = key.trim().toLowerCase();
  return dictionaryOf("url").get(folded) ?? dictionaryOf("stackexchange").get(folded) ?? null;
}

/**
 * What to say about a key that the dialect does not know. The key is repeated only where it cannot be a piece of a
 * secret: behind a host (an access key pasted alone ends in `=`), and not behind a secret option that was not escaped.
 */
export function describeUnknown(draft: Draft, { key }: Pair, previous: KnownWord | null): string {
  const afterSecret = previous !== null && optionRow(previous.name).secret === true;
  const quotable = draft.endpoints.length > 0 && !afterSecret && /^[A-Za-z][A-Za-z0-9_-]{0,30}$/.test(key);
  const meant = meantWord(key, draft);
  const suggestion = meant === null ? "" : `; did you mean ${meant.word}?`;
  const reminder = afterSecret ? `; if it belongs to the ${previous.word} before it, it must be escaped` : "";
  return `${quotable ? `The option ${key}` : "An option"} is not known${suggestion}${reminder}`;
}

/** The error for a key that the dialect does not know, with the nearest name. */
export function unknownKey(draft: Draft, pair: Pair, previous: KnownWord | null): RedoubtError {
  return draft.error("CONFIG_UNKNOWN_KEY", describeUnknown(draft, pair, previous), pair.start);
}

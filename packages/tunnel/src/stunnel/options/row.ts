/** An option that is understood. Tables of these rows are what the parser, the check and the documentation read. */
export interface OptionRow<Value> {
  /** Reads the text behind `=`. Throws a `ValueError`. */
  readonly read: (text: string) => Value;
  /** As it would be written; empty for none. */
  readonly default: string;
  /** What it does, in a sentence for the documentation. */
  readonly meaning: string;
  /** Whether several lines add up. Otherwise the last one counts. */
  readonly repeats: boolean;
}

/** Makes a row whose last line counts. */
export function option<Value>(
  read: (text: string) => Value,
  defaultText: string,
  meaning: string,
): OptionRow<Value> {
  return { read, default: defaultText, meaning, repeats: false };
}

/** Makes a row whose lines add up. */
export function list<Value>(
  read: (text: string) => Value,
  defaultText: string,
  meaning: string,
): OptionRow<Value> {
  return { read, default: defaultText, meaning, repeats: true };
}

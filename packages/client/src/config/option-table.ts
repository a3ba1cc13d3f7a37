import type { OptionRow, OptionWord } from "./option-row.ts";
import { connectionOptions } from "./options/connection.ts";
import { dotnetOptions } from "./options/dotnet.ts";
import { timeOptions } from "./options/time.ts";
import { tlsOptions } from "./options/tls.ts";
import type { Dialect } from "./target.ts";

/**
 * Every option of a connection string, as rows of one table. The parsers, the formatter, the masking of secrets and the page
 * `docs/guide/options.md` are readings of it: a new option is a new row.
 */
export const optionTable = {
  ...connectionOptions,
  ...tlsOptions,
  ...timeOptions,
  ...dotnetOptions,
} as const satisfies Record<string, OptionRow>;

/** Canonical name of an option. */
export type OptionName = keyof typeof optionTable;

/** All canonical names, in the order of the table. */
export const optionNames = Object.keys(optionTable) as OptionName[];

/** The row of an option. */
export const optionRow = (name: OptionName): OptionRow => optionTable[name];

/** An option as one dialect calls it. */
export interface KnownWord extends OptionWord {
  readonly name: OptionName;
}

/** The words that a dialect has for an option, the one that is written first. */
export function wordsOf(name: OptionName, dialect: Dialect): KnownWord[] {
  return (optionRow(name).words[dialect] ?? []).map((entry) =>
    typeof entry === "string" ? { name, word: entry } : { name, ...entry },
  );
}

const dictionaries = new Map<Dialect, ReadonlyMap<string, KnownWord>>();

/** All words of a dialect by their lower-case form (redis-cli: as they are, because its flags differ by case). */
export function dictionaryOf(dialect: Dialect): ReadonlyMap<string, KnownWord> {
  let dictionary = dictionaries.get(dialect);
  if (dictionary === undefined) {
    const fold = (word: string) => (dialect === "redis-cli" ? word : word.toLowerCase());
    dictionary = new Map(
      optionNames.flatMap((name) =>
        wordsOf(name, dialect).map((known) => [fold(known.word), known] as const),
      ),
    );
    dictionaries.set(dialect, dictionary);
  }
  return dictionary;
}

import { type OneOrMore, several } from "../argument.ts";
import { type Command, command, type RedisArgument, spec } from "../command.ts";
import { type Double, type Mapping, type Text, toNumber, toObject } from "../decode.ts";
import { type QueryOptions, queryArguments } from "./search-arguments.ts";

/** Dictionaries, synonyms, and words that are perhaps misspelt. */

const DICTADD = spec("FT.DICTADD", { keys: null });
const DICTDEL = spec("FT.DICTDEL", { keys: null });
const DICTDUMP = spec("FT.DICTDUMP", { keys: null, readonly: true });
const SPELLCHECK = spec("FT.SPELLCHECK", { keys: null, readonly: true });
const SYNDUMP = spec("FT.SYNDUMP", { keys: null, readonly: true, shape: "object" });
const SYNUPDATE = spec("FT.SYNUPDATE", { keys: null });

/** Options of {@link spellCheck}. */
export interface SpellCheckOptions extends Pick<QueryOptions, "DIALECT"> {
  /** How many letters may differ, 1 to 4; default 1. */
  readonly DISTANCE?: number | undefined;
  /** Dictionaries of words that are right, or wrong. */
  readonly TERMS?:
    | OneOrMore<{ readonly mode: "INCLUDE" | "EXCLUDE"; readonly dictionary: RedisArgument }>
    | undefined;
}

/** A word that was not found, and others that it may stand for. */
export interface SpellCheckTerm {
  readonly term: string;
  readonly suggestions: { readonly score: number; readonly suggestion: string }[];
}

/** Adds terms to a dictionary; answers how many are new. */
export function dictAdd(dictionary: RedisArgument, term: OneOrMore): Command<number> {
  return command(DICTADD, [dictionary, ...several(DICTADD, "term", term)]);
}

/** Removes terms from a dictionary; answers how many there were. */
export function dictDel(dictionary: RedisArgument, term: OneOrMore): Command<number> {
  return command(DICTDEL, [dictionary, ...several(DICTDEL, "term", term)]);
}

/** The terms of a dictionary. */
export function dictDump(dictionary: RedisArgument): Command<string[]> {
  return command(DICTDUMP, [dictionary]);
}

/** The words of a query that no document has, and others that they may stand for. */
export function spellCheck(
  index: RedisArgument,
  query: RedisArgument,
  { DISTANCE, TERMS, DIALECT }: SpellCheckOptions = {},
): Command<SpellCheckTerm[]> {
  const args = [index, query];
  if (DISTANCE !== undefined) args.push("DISTANCE", DISTANCE);
  if (TERMS !== undefined)
    for (const { mode, dictionary } of several(SPELLCHECK, "TERMS", TERMS))
      args.push("TERMS", mode, dictionary);
  return command(SPELLCHECK, [...args, ...queryArguments({ DIALECT })], toTerms);
}

/** The terms with synonyms, and the groups that each is in. */
export function synDump(index: RedisArgument): Command<Record<string, string[]>> {
  return command(SYNDUMP, [index]);
}

/** Adds terms to a group of synonyms. */
export function synUpdate(
  index: RedisArgument,
  groupId: RedisArgument,
  terms: OneOrMore,
  options: { readonly SKIPINITIALSCAN?: boolean | undefined } = {},
): Command<"OK"> {
  const skip = options.SKIPINITIALSCAN ? ["SKIPINITIALSCAN"] : [];
  return command(SYNUPDATE, [index, groupId, ...skip, ...several(SYNUPDATE, "terms", terms)]);
}

type RawTerm = readonly [word: Text, term: string, suggestions: readonly (readonly [Double, string])[]];

/** `TERM`, the word and its suggestions in RESP2; Maps in RESP3. */
function toTerms(reply: readonly RawTerm[] | ReadonlyMap<Text, unknown>): SpellCheckTerm[] {
  if (Array.isArray(reply)) {
    return (reply as readonly RawTerm[]).map(([, term, suggestions]) => ({
      term,
      suggestions: suggestions.map(([score, suggestion]) => ({ score: toNumber(score), suggestion })),
    }));
  }
  const results = toObject<readonly Mapping[]>(toObject<Mapping>(reply as Mapping)["results"] ?? []);
  return Object.entries(results).map(([term, suggestions]) => ({
    term,
    suggestions: suggestions.map((each) => {
      const [[suggestion, score]] = Object.entries(toObject<Double>(each)) as [[string, Double]];
      return { score: toNumber(score), suggestion };
    }),
  }));
}

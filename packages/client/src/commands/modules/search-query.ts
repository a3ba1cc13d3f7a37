import { double, type OneOrMore, several } from "../argument.ts";
import { type Command, command, type RedisArgument, spec } from "../command.ts";
import { type Double, type Mapping, type Text, toNumber, toObject } from "../decode.ts";
import type { GeoUnits } from "../geo-reply.ts";
import {
  countedAfter,
  type QueryOptions,
  queryArguments,
  type SortBy,
  sortByArguments,
} from "./search-arguments.ts";
import { toDocument, toFields, toWarnings, withoutMaps } from "./search-reply.ts";

/** Finding documents, and how that goes. */

const EXPLAIN = spec("FT.EXPLAIN", { keys: null, readonly: true });
const EXPLAINCLI = spec("FT.EXPLAINCLI", { keys: null, readonly: true });
const PROFILE = spec("FT.PROFILE", { keys: null, readonly: true });
const SEARCH = spec("FT.SEARCH", { keys: null, readonly: true });

/** Options of {@link search}. */
export interface SearchOptions extends QueryOptions {
  /** Words as they are, without their stems. */
  readonly VERBATIM?: boolean | undefined;
  readonly NOSTOPWORDS?: boolean | undefined;
  readonly WITHSCORES?: boolean | undefined;
  /** Also say how each score came about. */
  readonly EXPLAINSCORE?: boolean | undefined;
  readonly WITHPAYLOADS?: boolean | undefined;
  readonly WITHSORTKEYS?: boolean | undefined;
  readonly FILTER?:
    | OneOrMore<{ readonly field: RedisArgument; readonly min: RedisArgument; readonly max: RedisArgument }>
    | undefined;
  readonly GEOFILTER?:
    | OneOrMore<{
        readonly field: RedisArgument;
        readonly lon: number;
        readonly lat: number;
        readonly radius: number;
        readonly unit: GeoUnits;
      }>
    | undefined;
  readonly INKEYS?: OneOrMore | undefined;
  readonly INFIELDS?: OneOrMore | undefined;
  readonly RETURN?: OneOrMore | undefined;
  readonly SUMMARIZE?:
    | boolean
    | {
        readonly FIELDS?: OneOrMore | undefined;
        readonly FRAGS?: number | undefined;
        readonly LEN?: number | undefined;
        readonly SEPARATOR?: RedisArgument | undefined;
      }
    | undefined;
  readonly HIGHLIGHT?:
    | boolean
    | {
        readonly FIELDS?: OneOrMore | undefined;
        readonly TAGS?: { readonly open: RedisArgument; readonly close: RedisArgument } | undefined;
      }
    | undefined;
  readonly SLOP?: number | undefined;
  /** Milliseconds. */
  readonly TIMEOUT?: number | undefined;
  readonly INORDER?: boolean | undefined;
  readonly LANGUAGE?: string | undefined;
  readonly EXPANDER?: RedisArgument | undefined;
  readonly SCORER?: RedisArgument | undefined;
  readonly PAYLOAD?: RedisArgument | undefined;
  readonly SORTBY?: SortBy | undefined;
  readonly LIMIT?: { readonly from: number; readonly size: number } | undefined;
}

/** How a score came about: a line, or a line and what it is made of. */
export type ScoreExplanation = string | [summary: string, children: ScoreExplanation[]];

/** A document that was found. */
export interface SearchDocument {
  readonly id: string;
  readonly score?: number;
  readonly scoreExplain?: ScoreExplanation;
  readonly payload?: string;
  readonly sortKey?: string;
  readonly value: Record<string, unknown>;
}

/** What was found, and what the server warns of (RESP3 only). */
export interface SearchReply<Found = SearchDocument> {
  readonly total: number;
  readonly documents: Found[];
  readonly warnings: string[];
}

/** Options of {@link profileSearch}. */
export interface ProfileSearchOptions extends SearchOptions {
  /** Leave out what readers of the index did. */
  readonly LIMITED?: boolean | undefined;
}

/** A reply, and how it came about: its form differs by server. */
export interface ProfileReply<Reply> {
  readonly results: Reply;
  readonly profile: unknown;
}

/** How the server understands a query. */
export function explain(index: RedisArgument, query: RedisArgument, options?: QueryOptions): Command<string> {
  return command(EXPLAIN, [index, query, ...queryArguments(options)]);
}

/** {@link explain} line by line. */
export function explainCli(
  index: RedisArgument,
  query: RedisArgument,
  { DIALECT }: Pick<QueryOptions, "DIALECT"> = {},
): Command<string[]> {
  return command(EXPLAINCLI, [index, query, ...queryArguments({ DIALECT })]);
}

/** {@link search} with an account of how it went. */
export function profileSearch(
  index: RedisArgument,
  query: RedisArgument,
  options: ProfileSearchOptions = {},
): Command<ProfileReply<SearchReply>> {
  const limited = options.LIMITED ? ["LIMITED"] : [];
  const args = [index, "SEARCH", ...limited, "QUERY", query, ...searchArguments(options)];
  return command(PROFILE, args, (reply: RawProfile, protocol) =>
    profiled(reply, (results) => toSearchReply(results, protocol, options)),
  );
}

/** Finds documents. */
export function search(
  index: RedisArgument,
  query: RedisArgument,
  options: SearchOptions = {},
): Command<SearchReply> {
  return command(SEARCH, [index, query, ...searchArguments(options)], (reply: RawSearch, protocol) =>
    toSearchReply(reply, protocol, options),
  );
}

/** {@link search} that tells only the keys. */
export function searchNoContent(
  index: RedisArgument,
  query: RedisArgument,
  options?: SearchOptions,
): Command<SearchReply<string>> {
  const args = [index, query, ...searchArguments(options), "NOCONTENT"];
  return command(SEARCH, args, (reply: RawSearch) => {
    if (Array.isArray(reply)) return { total: reply[0], documents: reply.slice(1), warnings: [] };
    const { total, documents, warnings } = fromMap(reply as Mapping);
    return { total, documents: documents.map(({ id }) => id), warnings };
  });
}

/** A list in RESP2, a Map in RESP3. */
export type RawProfile = readonly [results: RawSearch, profile: unknown] | ReadonlyMap<Text, unknown>;
type RawSearch = Mapping;

/** Reads a profile: results under one name or another, or, in Redis 7, beside the profile itself. */
export function profiled<Reply>(reply: RawProfile, read: (results: Mapping) => Reply): ProfileReply<Reply> {
  if (Array.isArray(reply)) return { results: read(reply[0]), profile: withoutMaps(reply[1]) };
  const parts = toObject<unknown>(reply as Mapping);
  const results = parts["Results"] ?? ("total_results" in parts ? reply : parts["results"]);
  return { results: read(results as Mapping), profile: withoutMaps(parts["Profile"] ?? parts["profile"]) };
}

function searchArguments(options: SearchOptions = {}): RedisArgument[] {
  const args: RedisArgument[] = [];
  if (options.VERBATIM) args.push("VERBATIM");
  if (options.NOSTOPWORDS) args.push("NOSTOPWORDS");
  if (options.WITHSCORES || options.EXPLAINSCORE) args.push("WITHSCORES");
  for (const name of ["EXPLAINSCORE", "WITHPAYLOADS", "WITHSORTKEYS"] as const)
    if (options[name]) args.push(name);
  if (options.FILTER !== undefined)
    for (const { field, min, max } of several(SEARCH, "FILTER", options.FILTER))
      args.push("FILTER", field, double(min), double(max));
  if (options.GEOFILTER !== undefined)
    for (const { field, lon, lat, radius, unit } of several(SEARCH, "GEOFILTER", options.GEOFILTER))
      args.push("GEOFILTER", field, lon, lat, radius, unit);
  for (const name of ["INKEYS", "INFIELDS", "RETURN"] as const)
    args.push(...countedAfter(name, options[name]));
  args.push(...summarizeArguments(options.SUMMARIZE), ...highlightArguments(options.HIGHLIGHT));
  if (options.SLOP !== undefined) args.push("SLOP", options.SLOP);
  if (options.TIMEOUT !== undefined) args.push("TIMEOUT", options.TIMEOUT);
  if (options.INORDER) args.push("INORDER");
  for (const name of ["LANGUAGE", "EXPANDER", "SCORER", "PAYLOAD"] as const) {
    const value = options[name];
    if (value !== undefined) args.push(name, value);
  }
  if (options.SORTBY !== undefined) args.push("SORTBY", ...sortByArguments(options.SORTBY));
  if (options.LIMIT !== undefined) args.push("LIMIT", options.LIMIT.from, options.LIMIT.size);
  return [...args, ...queryArguments(options)];
}

function summarizeArguments(summarize: SearchOptions["SUMMARIZE"]): RedisArgument[] {
  if (!summarize) return [];
  const { FIELDS, FRAGS, LEN, SEPARATOR } = summarize === true ? {} : summarize;
  const args = ["SUMMARIZE", ...countedAfter("FIELDS", FIELDS)];
  if (FRAGS !== undefined) args.push("FRAGS", FRAGS);
  if (LEN !== undefined) args.push("LEN", LEN);
  return SEPARATOR === undefined ? args : [...args, "SEPARATOR", SEPARATOR];
}

function highlightArguments(highlight: SearchOptions["HIGHLIGHT"]): RedisArgument[] {
  if (!highlight) return [];
  const { FIELDS, TAGS } = highlight === true ? {} : highlight;
  const args = ["HIGHLIGHT", ...countedAfter("FIELDS", FIELDS)];
  return TAGS === undefined ? args : [...args, "TAGS", TAGS.open, TAGS.close];
}

function toSearchReply(reply: RawSearch, protocol: 2 | 3, options: SearchOptions): SearchReply {
  // Some servers answer RESP3 like RESP2.
  return protocol === 3 && !Array.isArray(reply)
    ? fromMap(reply)
    : fromList(reply as readonly unknown[], options);
}

/** RESP2: the total, then for each document its key, what the options ask for, and its fields. */
function fromList(reply: readonly unknown[], options: SearchOptions): SearchReply {
  const { WITHSCORES, EXPLAINSCORE, WITHPAYLOADS, WITHSORTKEYS, RETURN } = options;
  const isBare = Array.isArray(RETURN) && RETURN.length === 0;
  const documents: SearchDocument[] = [];
  for (let i = 1; i < reply.length; ) {
    const id = String(reply[i++]);
    const score = WITHSCORES || EXPLAINSCORE ? reply[i++] : undefined;
    const payload = WITHPAYLOADS ? reply[i++] : undefined;
    const sortKey = WITHSORTKEYS ? reply[i++] : undefined;
    const value = isBare ? {} : toDocument(reply[i++] as Mapping | null);
    documents.push(documentOf(id, score, payload, sortKey, value));
  }
  return { total: reply[0] as number, documents, warnings: [] };
}

function fromMap(reply: Mapping): SearchReply {
  const parts = toObject<unknown>(reply);
  const documents = ((parts["results"] ?? []) as readonly Mapping[]).map((each) => {
    const row = toObject<unknown>(each);
    return documentOf(String(row["id"]), row["score"], row["payload"], row["sortkey"], toFields(row));
  });
  return { total: Number(parts["total_results"] ?? 0), documents, warnings: toWarnings(parts) };
}

function documentOf(
  id: string,
  rawScore: unknown,
  payload: unknown,
  sortKey: unknown,
  value: Record<string, unknown>,
): SearchDocument {
  const [score, explanation] = Array.isArray(rawScore) ? rawScore : [rawScore];
  return {
    id,
    ...(score !== undefined && score !== null && { score: toNumber(score as Double) }),
    ...(explanation !== undefined && { scoreExplain: toExplanation(explanation) }),
    ...(payload !== undefined && payload !== null && { payload: payload as string }),
    ...(sortKey !== undefined && sortKey !== null && { sortKey: sortKey as string }),
    value,
  };
}

function toExplanation(node: unknown): ScoreExplanation {
  if (!Array.isArray(node)) return String(node);
  const [summary, children] = node as [unknown, unknown];
  return [String(summary), Array.isArray(children) ? children.map(toExplanation) : []];
}

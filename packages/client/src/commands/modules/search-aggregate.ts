import { isList, type OneOrMore, several } from "../argument.ts";
import { type Command, command, type RedisArgument, spec } from "../command.ts";
import { type Mapping, toObject } from "../decode.ts";
import {
  countedAfter,
  type QueryOptions,
  queryArguments,
  type SortBy,
  sortByArguments,
} from "./search-arguments.ts";
import { type ProfileReply, profiled, type RawProfile } from "./search-query.ts";
import { type Reducer, reducerArguments } from "./search-reducer.ts";
import { toFields, toWarnings } from "./search-reply.ts";

/** Computing over the documents that a query finds, at once or row by row with a cursor. */

const AGGREGATE = spec("FT.AGGREGATE", { keys: null, readonly: true });
const CURSOR_DEL = spec("FT.CURSOR DEL", { keys: null, readonly: true });
const CURSOR_READ = spec("FT.CURSOR READ", { keys: null, readonly: true });
const PROFILE = spec("FT.PROFILE", { keys: null, readonly: true });

/** A field to load, by another name if wanted. */
export type LoadField =
  | RedisArgument
  | { readonly identifier: RedisArgument; readonly AS?: RedisArgument | undefined };

/** What to do with the rows, one step after the other. */
export type AggregateStep =
  | {
      readonly type: "GROUPBY";
      /** Default: all rows are one group. */
      readonly properties?: OneOrMore | undefined;
      readonly REDUCE: OneOrMore<Reducer>;
    }
  | { readonly type: "SORTBY"; readonly BY: OneOrMore<SortBy>; readonly MAX?: number | undefined }
  | { readonly type: "APPLY"; readonly expression: RedisArgument; readonly AS: RedisArgument }
  | { readonly type: "LIMIT"; readonly from: number; readonly size: number }
  | { readonly type: "FILTER"; readonly expression: RedisArgument };

/** Options of {@link aggregate}. */
export interface AggregateOptions extends QueryOptions {
  /** Words as they are, without their stems. */
  readonly VERBATIM?: boolean | undefined;
  readonly ADDSCORES?: boolean | undefined;
  /** `"*"`: all fields. */
  readonly LOAD?: OneOrMore<LoadField> | undefined;
  /** Milliseconds. */
  readonly TIMEOUT?: number | undefined;
  readonly STEPS?: readonly AggregateStep[] | undefined;
}

/** Options of {@link aggregateWithCursor}. */
export interface AggregateWithCursorOptions extends AggregateOptions {
  /** How many rows at a time; default 1000. */
  readonly COUNT?: number | undefined;
  /** How long the cursor lives unread, milliseconds. */
  readonly MAXIDLE?: number | undefined;
}

/** Options of {@link profileAggregate}. */
export interface ProfileAggregateOptions extends AggregateOptions {
  /** Leave out what readers of the index did. */
  readonly LIMITED?: boolean | undefined;
}

/** The rows, and what the server warns of (RESP3 only). */
export interface AggregateReply {
  readonly total: number;
  readonly results: Record<string, unknown>[];
  readonly warnings: string[];
}

/** Rows, and where to go on; cursor 0 at the end. */
export interface AggregateWithCursorReply extends AggregateReply {
  readonly cursor: number;
}

/** Computes over the documents that a query finds. */
export function aggregate(
  index: RedisArgument,
  query: RedisArgument,
  options?: AggregateOptions,
): Command<AggregateReply> {
  return command(AGGREGATE, [index, query, ...aggregateArguments(options)], toRows);
}

/** {@link aggregate} whose rows are read with {@link cursorRead}. */
export function aggregateWithCursor(
  index: RedisArgument,
  query: RedisArgument,
  options: AggregateWithCursorOptions = {},
): Command<AggregateWithCursorReply> {
  const args = [index, query, ...aggregateArguments(options), "WITHCURSOR"];
  if (options.COUNT !== undefined) args.push("COUNT", options.COUNT);
  if (options.MAXIDLE !== undefined) args.push("MAXIDLE", options.MAXIDLE);
  return command(AGGREGATE, args, toPage);
}

/** Gives up a cursor. */
export function cursorDel(index: RedisArgument, cursorId: RedisArgument): Command<"OK"> {
  return command(CURSOR_DEL, [index, cursorId]);
}

/** The next rows. */
export function cursorRead(
  index: RedisArgument,
  cursor: RedisArgument,
  { COUNT }: Pick<AggregateWithCursorOptions, "COUNT"> = {},
): Command<AggregateWithCursorReply> {
  const args = [index, cursor];
  return command(CURSOR_READ, COUNT === undefined ? args : [...args, "COUNT", COUNT], toPage);
}

/** {@link aggregate} with an account of how it went. */
export function profileAggregate(
  index: RedisArgument,
  query: RedisArgument,
  options: ProfileAggregateOptions = {},
): Command<ProfileReply<AggregateReply>> {
  const limited = options.LIMITED ? ["LIMITED"] : [];
  const args = [index, "AGGREGATE", ...limited, "QUERY", query, ...aggregateArguments(options)];
  return command(PROFILE, args, (reply: RawProfile) => profiled(reply, toRows));
}

function aggregateArguments(options: AggregateOptions = {}): RedisArgument[] {
  const { VERBATIM, ADDSCORES, LOAD, TIMEOUT, STEPS = [] } = options;
  const args: RedisArgument[] = [];
  if (VERBATIM) args.push("VERBATIM");
  if (ADDSCORES) args.push("ADDSCORES");
  if (LOAD === "*") args.push("LOAD", "*");
  else if (LOAD !== undefined)
    args.push(...countedAfter("LOAD", several<LoadField>(AGGREGATE, "LOAD", LOAD).flatMap(loaded)));
  if (TIMEOUT !== undefined) args.push("TIMEOUT", TIMEOUT);
  for (const step of STEPS) args.push(...stepArguments(step));
  return [...args, ...queryArguments(options)];
}

function stepArguments(step: AggregateStep): RedisArgument[] {
  switch (step.type) {
    case "GROUPBY":
      return [
        ...countedAfter("GROUPBY", step.properties ?? []),
        ...several(AGGREGATE, "REDUCE", step.REDUCE).flatMap(reducerArguments),
      ];
    case "SORTBY": {
      const by = (isList(step.BY) ? step.BY : [step.BY]).flatMap(sortByArguments);
      return countedAfter("SORTBY", step.MAX === undefined ? by : [...by, "MAX", step.MAX]);
    }
    case "APPLY":
      return ["APPLY", step.expression, "AS", step.AS];
    case "LIMIT":
      return ["LIMIT", step.from, step.size];
    case "FILTER":
      return ["FILTER", step.expression];
  }
}

function loaded(field: LoadField): RedisArgument[] {
  if (typeof field !== "object" || field instanceof Uint8Array) return [field];
  return field.AS === undefined ? [field.identifier] : [field.identifier, "AS", field.AS];
}

/** A list of a count and rows in RESP2, a Map in RESP3. */
function toRows(reply: Mapping): AggregateReply {
  if (Array.isArray(reply)) {
    const [total, ...rows] = reply as [number, ...Mapping[]];
    return { total, results: rows.map((row) => toObject(row)), warnings: [] };
  }
  const parts = toObject<unknown>(reply);
  const rows = ((parts["results"] ?? []) as readonly Mapping[]).map((row) => toObject<unknown>(row));
  return {
    total: Number(parts["total_results"] ?? 0),
    results: rows.map(toFields),
    warnings: toWarnings(parts),
  };
}

function toPage([reply, cursor]: readonly [Mapping, number]): AggregateWithCursorReply {
  return { ...toRows(reply), cursor };
}

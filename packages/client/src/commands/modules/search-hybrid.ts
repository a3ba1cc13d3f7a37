import { isList, type OneOrMore } from "../argument.ts";
import { type Command, command, type RedisArgument, spec } from "../command.ts";
import { type Double, type Mapping, toNumber, toObject } from "../decode.ts";
import { countedAfter, paramsArguments, type QueryParams } from "./search-arguments.ts";
import { type Reducer, reducerArguments } from "./search-reducer.ts";
import { toDocument, toFields, toWarnings } from "./search-reply.ts";

const HYBRID = spec("FT.HYBRID", { keys: null, readonly: true });

/** What {@link hybrid} looks for, and what it does with what it finds. */
export interface HybridOptions {
  /** By text. */
  readonly SEARCH: {
    readonly query: RedisArgument;
    readonly SCORER?: RedisArgument | undefined;
    readonly YIELD_SCORE_AS?: RedisArgument | undefined;
  };
  /** By likeness of a vector, which is given as bytes or as `$name`. */
  readonly VSIM: {
    readonly field: RedisArgument;
    readonly vector: RedisArgument;
    readonly method?: VectorMethod | undefined;
    readonly FILTER?: RedisArgument | undefined;
    readonly YIELD_SCORE_AS?: RedisArgument | undefined;
  };
  /** How the two scores become one. */
  readonly COMBINE?:
    | { readonly method: CombineMethod; readonly YIELD_SCORE_AS?: RedisArgument | undefined }
    | undefined;
  /** `"*"`: all fields. */
  readonly LOAD?: OneOrMore | undefined;
  readonly GROUPBY?:
    | { readonly fields: OneOrMore; readonly REDUCE?: OneOrMore<Reducer> | undefined }
    | undefined;
  readonly APPLY?:
    | OneOrMore<{ readonly expression: RedisArgument; readonly AS?: RedisArgument | undefined }>
    | undefined;
  readonly SORTBY?:
    | {
        readonly fields: readonly {
          readonly field: RedisArgument;
          readonly direction?: "ASC" | "DESC" | undefined;
        }[];
      }
    | undefined;
  readonly NOSORT?: boolean | undefined;
  readonly FILTER?: RedisArgument | undefined;
  readonly LIMIT?: { readonly offset: RedisArgument; readonly count: RedisArgument } | undefined;
  readonly PARAMS?: QueryParams | undefined;
  /** Milliseconds. */
  readonly TIMEOUT?: number | undefined;
}

/** The nearest, or all within a radius. */
export type VectorMethod =
  | { readonly type: "KNN"; readonly K: number; readonly EF_RUNTIME?: number | undefined }
  | { readonly type: "RANGE"; readonly RADIUS: number; readonly EPSILON?: number | undefined };

/** By rank, or by a weighted sum. */
export type CombineMethod =
  | { readonly type: "RRF"; readonly WINDOW?: number | undefined; readonly CONSTANT?: number | undefined }
  | {
      readonly type: "LINEAR";
      readonly ALPHA?: number | undefined;
      readonly BETA?: number | undefined;
      readonly WINDOW?: number | undefined;
    };

/** What was found. */
export interface HybridReply {
  readonly totalResults: number;
  /** Milliseconds. */
  readonly executionTime: number;
  readonly warnings: string[];
  readonly results: Record<string, unknown>[];
}

/** Finds documents by text and by likeness at once. Redis 8.4. */
export function hybrid(index: RedisArgument, options: HybridOptions): Command<HybridReply> {
  const { SEARCH, VSIM, COMBINE, LOAD, GROUPBY, APPLY, SORTBY, NOSORT, FILTER, LIMIT, PARAMS, TIMEOUT } =
    options;
  const args: RedisArgument[] = [index, "SEARCH", SEARCH.query];
  args.push(...named({ SCORER: SEARCH.SCORER, YIELD_SCORE_AS: SEARCH.YIELD_SCORE_AS }));
  args.push("VSIM", VSIM.field, VSIM.vector);
  if (VSIM.method !== undefined) args.push(...methodArguments(VSIM.method));
  args.push(...named({ FILTER: VSIM.FILTER, YIELD_SCORE_AS: VSIM.YIELD_SCORE_AS }));
  if (COMBINE !== undefined) {
    const { YIELD_SCORE_AS, method } = COMBINE;
    args.push("COMBINE", ...methodArguments({ ...method, YIELD_SCORE_AS }));
  }
  if (LOAD === "*") args.push("LOAD", "*");
  else args.push(...countedAfter("LOAD", LOAD));
  if (GROUPBY !== undefined) {
    args.push(...countedAfter("GROUPBY", GROUPBY.fields));
    args.push(...listOf(GROUPBY.REDUCE).flatMap(reducerArguments));
  }
  for (const { expression, AS } of listOf(APPLY)) args.push("APPLY", expression, ...named({ AS }));
  if (SORTBY !== undefined) {
    const by = SORTBY.fields.flatMap(({ field, direction }) =>
      direction === undefined ? [field] : [field, direction],
    );
    args.push(...countedAfter("SORTBY", by));
  }
  if (NOSORT) args.push("NOSORT");
  args.push(...named({ FILTER }));
  if (LIMIT !== undefined) args.push("LIMIT", LIMIT.offset, LIMIT.count);
  args.push(...paramsArguments(PARAMS), ...named({ TIMEOUT }));
  return command(HYBRID, args, toHybridReply);
}

/** `KNN 2 K 5`: the type, how many words follow, and they. */
function methodArguments({
  type,
  ...options
}: { readonly type: string } & Readonly<Record<string, RedisArgument | undefined>>): RedisArgument[] {
  const words = named(options);
  return [type, words.length, ...words];
}

function named(options: Readonly<Record<string, RedisArgument | undefined>>): RedisArgument[] {
  return Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

function listOf<T>(value: OneOrMore<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function toHybridReply(reply: Mapping): HybridReply {
  const parts = toObject<unknown>(reply);
  return {
    totalResults: Number(parts["total_results"] ?? 0),
    executionTime: toNumber((parts["execution_time"] ?? 0) as Double),
    warnings: toWarnings(parts),
    results: ((parts["results"] ?? []) as readonly Mapping[]).map((each) => {
      const { values, extra_attributes, ...row } = toObject<unknown>(each);
      return { ...toDocument(Object.entries(row).flat()), ...toFields({ values, extra_attributes }) };
    }),
  };
}

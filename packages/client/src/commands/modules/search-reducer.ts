import { isList, type OneOrMore } from "../argument.ts";
import type { RedisArgument } from "../command.ts";
import { type SortBy, sortByArguments } from "./search-arguments.ts";

/** How the rows of a group become one value. */
export type Reducer = { readonly AS?: RedisArgument | undefined } & (
  | { readonly type: "COUNT" }
  | {
      readonly type:
        | "COUNT_DISTINCT"
        | "COUNT_DISTINCTISH"
        | "SUM"
        | "MIN"
        | "MAX"
        | "AVG"
        | "STDDEV"
        | "TOLIST";
      readonly property: RedisArgument;
    }
  | { readonly type: "QUANTILE"; readonly property: RedisArgument; readonly quantile: number }
  | {
      readonly type: "FIRST_VALUE";
      readonly property: RedisArgument;
      readonly BY?:
        | RedisArgument
        | { readonly property: RedisArgument; readonly direction?: "ASC" | "DESC" | undefined }
        | undefined;
    }
  | { readonly type: "RANDOM_SAMPLE"; readonly property: RedisArgument; readonly sampleSize: number }
  | CollectReducer
);

/** Whole rows, or some of their fields. Redis 8.8. */
export interface CollectReducer {
  readonly type: "COLLECT";
  /** `"*"`: all. */
  readonly FIELDS: OneOrMore;
  readonly DISTINCT?: boolean | undefined;
  readonly SORTBY?: OneOrMore<SortBy> | undefined;
  readonly LIMIT?: { readonly from: number; readonly size: number } | undefined;
}

/** A reducer as arguments. */
export function reducerArguments(reducer: Reducer): RedisArgument[] {
  const operands = operandsOf(reducer);
  const args = ["REDUCE", reducer.type, operands.length, ...operands];
  return reducer.AS === undefined ? args : [...args, "AS", reducer.AS];
}

function operandsOf(reducer: Reducer): RedisArgument[] {
  switch (reducer.type) {
    case "COUNT":
      return [];
    case "QUANTILE":
      return [reducer.property, reducer.quantile];
    case "FIRST_VALUE":
      return reducer.BY === undefined ? [reducer.property] : [reducer.property, "BY", ...firstBy(reducer.BY)];
    case "RANDOM_SAMPLE":
      return [reducer.property, reducer.sampleSize];
    case "COLLECT":
      return collected(reducer);
    default:
      return [reducer.property];
  }
}

type FirstBy = NonNullable<Extract<Reducer, { readonly type: "FIRST_VALUE" }>["BY"]>;

function firstBy(by: FirstBy): RedisArgument[] {
  if (typeof by !== "object" || by instanceof Uint8Array) return [by];
  return by.direction === undefined ? [by.property] : [by.property, by.direction];
}

function collected({ FIELDS, DISTINCT, SORTBY, LIMIT }: CollectReducer): RedisArgument[] {
  const fields = isList(FIELDS) ? FIELDS : [FIELDS];
  const args: RedisArgument[] = FIELDS === "*" ? ["FIELDS", "*"] : ["FIELDS", fields.length, ...fields];
  if (DISTINCT) args.push("DISTINCT");
  if (SORTBY !== undefined) {
    const sorted = (isList(SORTBY) ? SORTBY : [SORTBY]).flatMap(sortByArguments);
    args.push("SORTBY", sorted.length, ...sorted);
  }
  if (LIMIT !== undefined) args.push("LIMIT", LIMIT.from, LIMIT.size);
  return args;
}

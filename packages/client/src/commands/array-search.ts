import { several } from "./argument.ts";
import type { ArrayIndex } from "./array.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";

/** Looking through the values of an array, and computing with them. `start` may be after `end`: then backwards. */

const ARGREP = spec("ARGREP", { readonly: true });
const AROP = spec("AROP", { readonly: true });
const ARSCAN = spec("ARSCAN", { readonly: true });

/** A value and where it is. */
export interface ArrayItem {
  readonly index: number;
  readonly value: string;
}

/** What a value must be: equal, containing, matching a glob or a regular expression. */
export type ArGrepPredicate = readonly [type: "EXACT" | "MATCH" | "GLOB" | "RE", value: RedisArgument];

/** Options of {@link arGrep}. */
export interface ArGrepOptions {
  /** Whether all predicates must hold or one; default `OR`. */
  readonly COMBINATOR?: "AND" | "OR" | undefined;
  readonly LIMIT?: number | undefined;
  readonly NOCASE?: boolean | undefined;
}

/** Options of {@link arScan}. */
export interface ArScanOptions {
  readonly LIMIT?: number | undefined;
}

/** Where the values are that match; `"-"` and `"+"` are the ends. */
export function arGrep(
  key: RedisArgument,
  start: ArrayIndex,
  end: ArrayIndex,
  predicates: readonly ArGrepPredicate[],
  options?: ArGrepOptions,
): Command<number[]> {
  return command(ARGREP, grepArguments(key, start, end, predicates, options));
}

/** {@link arGrep} with the values. */
export function arGrepWithValues(
  key: RedisArgument,
  start: ArrayIndex,
  end: ArrayIndex,
  predicates: readonly ArGrepPredicate[],
  options?: ArGrepOptions,
): Command<ArrayItem[]> {
  const args = grepArguments(key, start, end, predicates, options);
  return command(ARGREP, [...args, "WITHVALUES"], toItems);
}

/** Computes over the values from `start` to `end`; `MATCH` counts those equal to `value`, `USED` all. */
export function arOp(
  key: RedisArgument,
  start: ArrayIndex,
  end: ArrayIndex,
  operation: "SUM" | "MIN" | "MAX" | "AND" | "OR" | "XOR" | "MATCH" | "USED",
  value?: RedisArgument,
): Command<string | number | null> {
  const args = [key, start, end, operation];
  return command(AROP, value === undefined ? args : [...args, value]);
}

/** The values from `start` to `end`, without the holes. */
export function arScan(
  key: RedisArgument,
  start: ArrayIndex,
  end: ArrayIndex,
  { LIMIT }: ArScanOptions = {},
): Command<ArrayItem[]> {
  return command(
    ARSCAN,
    LIMIT === undefined ? [key, start, end] : [key, start, end, "LIMIT", LIMIT],
    toItems,
  );
}

function grepArguments(
  key: RedisArgument,
  start: ArrayIndex,
  end: ArrayIndex,
  predicates: readonly ArGrepPredicate[],
  options: ArGrepOptions = {},
): RedisArgument[] {
  const args = [key, start, end, ...several(ARGREP, "predicates", predicates).flat()];
  if (options.COMBINATOR !== undefined) args.push(options.COMBINATOR);
  if (options.LIMIT !== undefined) args.push("LIMIT", options.LIMIT);
  if (options.NOCASE) args.push("NOCASE");
  return args;
}

function toItems(reply: readonly (readonly [index: number, value: string])[]): ArrayItem[] {
  return reply.map(([index, value]) => ({ index, value }));
}

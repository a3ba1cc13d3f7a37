import { type Entries, flatten, type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";

/** Arrays: values by index, with holes. Redis 8.8. */

const ARCOUNT = spec("ARCOUNT", { readonly: true });
const ARDEL = spec("ARDEL");
const ARDELRANGE = spec("ARDELRANGE");
const ARGET = spec("ARGET", { readonly: true });
const ARGETRANGE = spec("ARGETRANGE", { readonly: true });
const ARINFO = spec("ARINFO", { readonly: true, shape: "object" });
const ARINSERT = spec("ARINSERT");
const ARLASTITEMS = spec("ARLASTITEMS", { readonly: true });
const ARLEN = spec("ARLEN", { readonly: true });
const ARMGET = spec("ARMGET", { readonly: true });
const ARMSET = spec("ARMSET");
const ARNEXT = spec("ARNEXT", { readonly: true });
const ARRING = spec("ARRING");
const ARSEEK = spec("ARSEEK");
const ARSET = spec("ARSET");

/** An index; a string where it is beyond 2^53. */
export type ArrayIndex = number | string;

/** Options of {@link arInfo}. */
export interface ArInfoOptions {
  /** Look at all parts, which takes time. */
  readonly FULL?: boolean | undefined;
}

/** Options of {@link arLastItems}. */
export interface ArLastItemsOptions {
  /** The newest first. */
  readonly REV?: boolean | undefined;
}

/** How many values there are, holes not counted. */
export function arCount(key: RedisArgument): Command<number> {
  return command(ARCOUNT, [key]);
}

/** Deletes values; answers how many there were. */
export function arDel(key: RedisArgument, indices: OneOrMore<ArrayIndex>): Command<number> {
  return command(ARDEL, [key, ...several(ARDEL, "indices", indices)]);
}

/** Deletes the values of ranges, whose ends are included; answers how many there were. */
export function arDelRange(
  key: RedisArgument,
  ranges: readonly (readonly [start: ArrayIndex, end: ArrayIndex])[],
): Command<number> {
  return command(ARDELRANGE, [key, ...several(ARDELRANGE, "ranges", ranges).flat()]);
}

/** The value at an index, or null. */
export function arGet(key: RedisArgument, index: ArrayIndex): Command<string | null> {
  return command(ARGET, [key, index]);
}

/** The values from `start` to `end`, both included, null for holes. */
export function arGetRange(
  key: RedisArgument,
  start: ArrayIndex,
  end: ArrayIndex,
): Command<(string | null)[]> {
  return command(ARGETRANGE, [key, start, end]);
}

/** What there is to know of an array. */
export function arInfo(key: RedisArgument, options: ArInfoOptions = {}): Command<Record<string, number>> {
  return command(ARINFO, options.FULL ? [key, "FULL"] : [key]);
}

/** Writes values where {@link arNext} says; answers the index of the last. */
export function arInsert(key: RedisArgument, values: OneOrMore): Command<number> {
  return command(ARINSERT, [key, ...several(ARINSERT, "values", values)]);
}

/** The values written last, up to `count`. */
export function arLastItems(
  key: RedisArgument,
  count: number,
  options: ArLastItemsOptions = {},
): Command<(string | null)[]> {
  return command(ARLASTITEMS, options.REV ? [key, count, "REV"] : [key, count]);
}

/** The highest index with a value, and one. */
export function arLen(key: RedisArgument): Command<number> {
  return command(ARLEN, [key]);
}

/** The values at several indices, null for holes. */
export function arMGet(key: RedisArgument, indices: OneOrMore<ArrayIndex>): Command<(string | null)[]> {
  return command(ARMGET, [key, ...several(ARMGET, "indices", indices)]);
}

/** Writes values at indices; answers how many were holes. */
export function arMSet(key: RedisArgument, entries: Entries): Command<number> {
  return command(ARMSET, [key, ...flatten(ARMSET, "entries", entries)]);
}

/** Where {@link arInsert} writes next; null when the array is full. */
export function arNext(key: RedisArgument): Command<number | null> {
  return command(ARNEXT, [key]);
}

/** {@link arInsert} into an array of a fixed size, which begins anew at its end. */
export function arRing(key: RedisArgument, size: ArrayIndex, values: OneOrMore): Command<number> {
  return command(ARRING, [key, size, ...several(ARRING, "values", values)]);
}

/** Says where {@link arInsert} writes next; answers 1 or, without the key, 0. */
export function arSeek(key: RedisArgument, index: ArrayIndex): Command<number> {
  return command(ARSEEK, [key, index]);
}

/** Writes values from an index on; answers how many were holes. */
export function arSet(key: RedisArgument, index: ArrayIndex, value: OneOrMore): Command<number> {
  return command(ARSET, [key, index, ...several(ARSET, "value", value)]);
}

import type { Buffer } from "node:buffer";
import { type OneOrMore, several } from "../argument.ts";
import { type Command, command, type RedisArgument, spec } from "../command.ts";
import { toBoolean, toBooleans } from "../decode.ts";

/** Bloom filters, `client.bf`: whether an item was seen, sometimes yes by mistake. */

const ADD = spec("BF.ADD");
const CARD = spec("BF.CARD", { readonly: true });
const EXISTS = spec("BF.EXISTS", { readonly: true });
const INFO = spec("BF.INFO", { readonly: true, shape: "object" });
const INSERT = spec("BF.INSERT");
const LOADCHUNK = spec("BF.LOADCHUNK");
const MADD = spec("BF.MADD");
const MEXISTS = spec("BF.MEXISTS", { readonly: true });
const RESERVE = spec("BF.RESERVE");
const SCANDUMP = spec("BF.SCANDUMP", { readonly: true, shape: "bytes" });

/** What there is to know of a filter. */
export interface BloomInfo {
  readonly Capacity: number;
  readonly Size: number;
  readonly "Number of filters": number;
  readonly "Number of items inserted": number;
  readonly "Expansion rate": number | null;
}

/** Options of {@link reserve}. */
export interface BloomReserveOptions {
  /** How many times larger each further filter is; default 2. */
  readonly EXPANSION?: number | undefined;
  /** Refuse items when full. */
  readonly NONSCALING?: boolean | undefined;
}

/** Options of {@link insert}. */
export interface BloomInsertOptions extends BloomReserveOptions {
  readonly CAPACITY?: number | undefined;
  /** How often to answer yes by mistake, from 0 to 1. */
  readonly ERROR?: number | undefined;
  /** Refuse to make the key. */
  readonly NOCREATE?: boolean | undefined;
}

/** A part of a dump; go on with `iterator`, which is 0 at the end. */
export interface DumpChunk {
  readonly iterator: number;
  readonly chunk: Buffer | null;
}

/** Adds an item; answers whether it is new. */
export function add(key: RedisArgument, item: RedisArgument): Command<boolean> {
  return command(ADD, [key, item], toBoolean);
}

/** About how many items were added. */
export function card(key: RedisArgument): Command<number> {
  return command(CARD, [key]);
}

/** Whether an item was perhaps added; false is certain. */
export function exists(key: RedisArgument, item: RedisArgument): Command<boolean> {
  return command(EXISTS, [key, item], toBoolean);
}

/** What there is to know of a filter. */
export function info(key: RedisArgument): Command<BloomInfo> {
  return command(INFO, [key]);
}

/** {@link mAdd} that makes the filter by the options. */
export function insert(
  key: RedisArgument,
  items: OneOrMore,
  options: BloomInsertOptions = {},
): Command<boolean[]> {
  const args: RedisArgument[] = [key];
  for (const name of ["CAPACITY", "ERROR", "EXPANSION"] as const) {
    const value = options[name];
    if (value !== undefined) args.push(name, value);
  }
  if (options.NOCREATE) args.push("NOCREATE");
  if (options.NONSCALING) args.push("NONSCALING");
  return command(INSERT, [...args, "ITEMS", ...several(INSERT, "items", items)], toBooleans);
}

/** Loads a part that {@link scanDump} gave. */
export function loadChunk(key: RedisArgument, iterator: number, chunk: RedisArgument): Command<"OK"> {
  return command(LOADCHUNK, [key, iterator, chunk]);
}

/** {@link add} for several. */
export function mAdd(key: RedisArgument, items: OneOrMore): Command<boolean[]> {
  return command(MADD, [key, ...several(MADD, "items", items)], toBooleans);
}

/** {@link exists} for several. */
export function mExists(key: RedisArgument, items: OneOrMore): Command<boolean[]> {
  return command(MEXISTS, [key, ...several(MEXISTS, "items", items)], toBooleans);
}

/** Makes a filter for so many items, wrong as often as `errorRate` says, from 0 to 1. */
export function reserve(
  key: RedisArgument,
  errorRate: number,
  capacity: number,
  options: BloomReserveOptions = {},
): Command<"OK"> {
  const args = [key, errorRate, capacity];
  if (options.EXPANSION !== undefined) args.push("EXPANSION", options.EXPANSION);
  if (options.NONSCALING) args.push("NONSCALING");
  return command(RESERVE, args);
}

/** A part of the filter in Redis's own format: begin with iterator 0. */
export function scanDump(key: RedisArgument, iterator: number): Command<DumpChunk> {
  return command(SCANDUMP, [key, iterator], ([next, chunk]: readonly [number, Buffer | null]) => ({
    iterator: next,
    chunk,
  }));
}

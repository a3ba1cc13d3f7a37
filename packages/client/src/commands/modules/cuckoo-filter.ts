import type { Buffer } from "node:buffer";
import { type OneOrMore, several } from "../argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "../command.ts";
import { toBoolean, toBooleans } from "../decode.ts";
import type { DumpChunk } from "./bloom-filter.ts";

/** Cuckoo filters, `client.cf`: Bloom filters that can delete and count. */

const ADD = spec("CF.ADD");
const ADDNX = spec("CF.ADDNX");
const COUNT = spec("CF.COUNT", { readonly: true });
const DEL = spec("CF.DEL");
const EXISTS = spec("CF.EXISTS", { readonly: true });
const INFO = spec("CF.INFO", { readonly: true, shape: "object" });
const INSERT = spec("CF.INSERT");
const INSERTNX = spec("CF.INSERTNX");
const LOADCHUNK = spec("CF.LOADCHUNK");
const MEXISTS = spec("CF.MEXISTS", { readonly: true });
const RESERVE = spec("CF.RESERVE");
const SCANDUMP = spec("CF.SCANDUMP", { readonly: true, shape: "bytes" });

/** What there is to know of a filter. */
export interface CuckooInfo {
  readonly Size: number;
  readonly "Number of buckets": number;
  readonly "Number of filters": number;
  readonly "Number of items inserted": number;
  readonly "Number of items deleted": number;
  readonly "Bucket size": number;
  readonly "Expansion rate": number;
  readonly "Max iterations": number;
}

/** Options of {@link insert}. */
export interface CuckooInsertOptions {
  readonly CAPACITY?: number | undefined;
  /** Refuse to make the key. */
  readonly NOCREATE?: boolean | undefined;
}

/** Options of {@link reserve}. */
export interface CuckooReserveOptions {
  readonly BUCKETSIZE?: number | undefined;
  readonly MAXITERATIONS?: number | undefined;
  readonly EXPANSION?: number | undefined;
}

/** Adds an item, once more if it is there. */
export function add(key: RedisArgument, item: RedisArgument): Command<boolean> {
  return command(ADD, [key, item], toBoolean);
}

/** Adds an item unless it is there; answers whether it was not. */
export function addNX(key: RedisArgument, item: RedisArgument): Command<boolean> {
  return command(ADDNX, [key, item], toBoolean);
}

/** About how often an item was added. */
export function count(key: RedisArgument, item: RedisArgument): Command<number> {
  return command(COUNT, [key, item]);
}

/** Takes an item out once; answers whether it was there. */
export function del(key: RedisArgument, item: RedisArgument): Command<boolean> {
  return command(DEL, [key, item], toBoolean);
}

/** Whether an item is perhaps there; false is certain. */
export function exists(key: RedisArgument, item: RedisArgument): Command<boolean> {
  return command(EXISTS, [key, item], toBoolean);
}

/** What there is to know of a filter. */
export function info(key: RedisArgument): Command<CuckooInfo> {
  return command(INFO, [key]);
}

/** {@link add} for several, making the filter by the options. */
export function insert(
  key: RedisArgument,
  items: OneOrMore,
  options?: CuckooInsertOptions,
): Command<boolean[]> {
  return command(INSERT, insertArguments(INSERT, key, items, options), toBooleans);
}

/** {@link addNX} for several: 1 added, 0 was there, -1 the filter is full. */
export function insertNX(
  key: RedisArgument,
  items: OneOrMore,
  options?: CuckooInsertOptions,
): Command<number[]> {
  return command(INSERTNX, insertArguments(INSERTNX, key, items, options));
}

/** Loads a part that {@link scanDump} gave. */
export function loadChunk(key: RedisArgument, iterator: number, chunk: RedisArgument): Command<"OK"> {
  return command(LOADCHUNK, [key, iterator, chunk]);
}

/** {@link exists} for several. */
export function mExists(key: RedisArgument, items: OneOrMore): Command<boolean[]> {
  return command(MEXISTS, [key, ...several(MEXISTS, "items", items)], toBooleans);
}

/** Makes a filter for so many items. */
export function reserve(
  key: RedisArgument,
  capacity: number,
  options: CuckooReserveOptions = {},
): Command<"OK"> {
  const args = [key, capacity];
  for (const name of ["BUCKETSIZE", "MAXITERATIONS", "EXPANSION"] as const) {
    const value = options[name];
    if (value !== undefined) args.push(name, value);
  }
  return command(RESERVE, args);
}

/** A part of the filter in Redis's own format: begin with iterator 0. */
export function scanDump(key: RedisArgument, iterator: number): Command<DumpChunk> {
  return command(SCANDUMP, [key, iterator], ([next, chunk]: readonly [number, Buffer | null]) => ({
    iterator: next,
    chunk,
  }));
}

function insertArguments(
  of: CommandSpec,
  key: RedisArgument,
  items: OneOrMore,
  options: CuckooInsertOptions = {},
): RedisArgument[] {
  const args: RedisArgument[] = [key];
  if (options.CAPACITY !== undefined) args.push("CAPACITY", options.CAPACITY);
  if (options.NOCREATE) args.push("NOCREATE");
  return [...args, "ITEMS", ...several(of, "items", items)];
}

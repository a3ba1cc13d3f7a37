import { type Command, command, type RedisArgument, spec } from "./command.ts";

const BGREWRITEAOF = spec("BGREWRITEAOF", { keys: null });
const BGSAVE = spec("BGSAVE", { keys: null });
const DBSIZE = spec("DBSIZE", { keys: null, readonly: true });
const FLUSHALL = spec("FLUSHALL", { keys: null });
const FLUSHDB = spec("FLUSHDB", { keys: null });
const INFO = spec("INFO", { keys: null });
const LASTSAVE = spec("LASTSAVE", { keys: null });
const LOLWUT = spec("LOLWUT", { keys: null, readonly: true });
const SAVE = spec("SAVE", { keys: null });
const SHUTDOWN = spec("SHUTDOWN", { keys: null, blocking: true });
const SWAPDB = spec("SWAPDB", { keys: null });
const TIME = spec("TIME", { keys: null });

/** Whether freeing the memory happens in the background; the server's `lazyfree-lazy-user-flush` decides otherwise. */
export type FlushMode = "ASYNC" | "SYNC";

/** Options of {@link bgSave}. */
export interface BgSaveOptions {
  /** When the append-only file is being rewritten, save afterwards. */
  readonly SCHEDULE?: boolean | undefined;
}

/** Options of {@link shutdown}. */
export interface ShutdownOptions {
  readonly mode?: "NOSAVE" | "SAVE" | undefined;
  /** Do not wait for replicas. */
  readonly NOW?: boolean | undefined;
  /** Also when saving fails. */
  readonly FORCE?: boolean | undefined;
  /** Take back a shutdown that waits. */
  readonly ABORT?: boolean | undefined;
}

/** Rewrites the append-only file in the background. */
export function bgRewriteAof(): Command<string> {
  return command(BGREWRITEAOF, []);
}

/** Saves a snapshot in the background. */
export function bgSave(options: BgSaveOptions = {}): Command<string> {
  return command(BGSAVE, options.SCHEDULE ? ["SCHEDULE"] : []);
}

/** How many keys the database holds. */
export function dbSize(): Command<number> {
  return command(DBSIZE, []);
}

/** Deletes everything in all databases. */
export function flushAll(mode?: FlushMode): Command<"OK"> {
  return command(FLUSHALL, mode === undefined ? [] : [mode]);
}

/** Deletes everything in the database. */
export function flushDb(mode?: FlushMode): Command<"OK"> {
  return command(FLUSHDB, mode === undefined ? [] : [mode]);
}

/** What the server says of itself: lines of `name:value` under `# Section`. */
export function info(section?: RedisArgument): Command<string> {
  return command(INFO, section === undefined ? [] : [section]);
}

/** Unix time in seconds of the last snapshot. */
export function lastSave(): Command<number> {
  return command(LASTSAVE, []);
}

/** A drawing, and the version of the server. */
export function lolwut(version?: number, ...optionalArguments: number[]): Command<string> {
  return command(LOLWUT, version === undefined ? [] : ["VERSION", version, ...optionalArguments]);
}

/** Saves a snapshot while the server stands still. */
export function save(): Command<"OK"> {
  return command(SAVE, []);
}

/** Stops the server. It closes the connection instead of answering, except to `ABORT`. */
export function shutdown(options: ShutdownOptions = {}): Command<"OK"> {
  const args: RedisArgument[] = options.mode === undefined ? [] : [options.mode];
  if (options.NOW) args.push("NOW");
  if (options.FORCE) args.push("FORCE");
  if (options.ABORT) args.push("ABORT");
  return command(SHUTDOWN, args);
}

/** Exchanges two databases, for all clients at once. */
export function swapDb(index1: number, index2: number): Command<"OK"> {
  return command(SWAPDB, [index1, index2]);
}

/** The server's clock: Unix time in seconds, and the microseconds of the second, as text. */
export function time(): Command<[unixTimestamp: string, microseconds: string]> {
  return command(TIME, []);
}

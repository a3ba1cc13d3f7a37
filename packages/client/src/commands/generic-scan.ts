import { type Command, command, type RedisArgument, spec } from "./command.ts";
import type { ScanPage } from "./decode.ts";

const SCAN = spec("SCAN", { readonly: true, firstKey: -1 });

/** Options of every command of the SCAN family. */
export interface ScanCommonOptions {
  /** Glob pattern that names must match. */
  readonly MATCH?: RedisArgument | undefined;
  /** About how much to look at in one call; the server's default is 10. */
  readonly COUNT?: number | undefined;
}

/** Options of {@link scan}. */
export interface ScanOptions extends ScanCommonOptions {
  /** Only keys of this type, for example `hash`. */
  readonly TYPE?: RedisArgument | undefined;
}

/** A page of keys. Go on with `cursor`, which is `"0"` at the end. */
export interface ScanReply {
  readonly cursor: string;
  readonly keys: string[];
}

/** Walks over all keys: begin with cursor `"0"`. A key may come more than once. */
export function scan(cursor: RedisArgument, options: ScanOptions = {}): Command<ScanReply> {
  const args = scanArguments(cursor, options);
  if (options.TYPE !== undefined) args.push("TYPE", options.TYPE);
  return command(SCAN, args, ([next, found]: ScanPage) => ({
    cursor: String(next),
    keys: found as string[],
  }));
}

/** What every command of the SCAN family sends from its cursor on. */
export function scanArguments(cursor: RedisArgument, options: ScanCommonOptions = {}): RedisArgument[] {
  const args: RedisArgument[] = [cursor];
  if (options.MATCH !== undefined) args.push("MATCH", options.MATCH);
  if (options.COUNT !== undefined) args.push("COUNT", options.COUNT);
  return args;
}

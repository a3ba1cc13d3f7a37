import type { RedisArgument } from "./command.ts";
import type { Text } from "./decode.ts";

/** What all commands of the SCAN family have in common: options after the cursor, and a page as reply. */

/** Options of every command of the SCAN family. */
export interface ScanCommonOptions {
  /** Glob pattern that names must match. */
  readonly MATCH?: RedisArgument | undefined;
  /** About how much to look at in one call; the server's default is 10. */
  readonly COUNT?: number | undefined;
}

/** A page: where to go on (`"0"` at the end), and the raw items. */
export type ScanPage = readonly [cursor: Text, items: readonly unknown[]];

/** The cursor and the options as arguments. */
export function scanArguments(cursor: RedisArgument, options: ScanCommonOptions = {}): RedisArgument[] {
  const args: RedisArgument[] = [cursor];
  if (options.MATCH !== undefined) args.push("MATCH", options.MATCH);
  if (options.COUNT !== undefined) args.push("COUNT", options.COUNT);
  return args;
}

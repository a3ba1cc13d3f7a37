import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type ScanCommonOptions, type ScanPage, scanArguments } from "./cursor.ts";
import type { ScanReply } from "./generic.ts";

/** Marks on keys that eviction respects; only the newest servers have them. */

const BLESS_CLEAR = spec("BLESS CLEAR");
const BLESS_GET = spec("BLESS GET");
const BLESS_SCAN = spec("BLESS SCAN", { keys: null });
const BLESS_SET = spec("BLESS SET");

/** What a key is marked with: it is not evicted. */
export type BlessFlag = "NO-EVICT";

/** Takes a mark off a key; answers 1 or 0. */
export function blessClear(key: RedisArgument, flag: BlessFlag): Command<number> {
  return command(BLESS_CLEAR, [key, flag]);
}

/** The marks of a key. */
export function blessGet(key: RedisArgument): Command<string[]> {
  return command(BLESS_GET, [key]);
}

/** Walks over the keys with a mark: begin with cursor `"0"`. */
export function blessScan(
  cursor: RedisArgument,
  flag: BlessFlag,
  options: Pick<ScanCommonOptions, "COUNT"> = {},
): Command<ScanReply> {
  const [from, ...rest] = scanArguments(cursor, { COUNT: options.COUNT });
  return command(BLESS_SCAN, [from as RedisArgument, flag, ...rest], ([next, keys]: ScanPage) => ({
    cursor: String(next),
    keys: keys as string[],
  }));
}

/** Marks a key; answers 1 or 0. */
export function blessSet(key: RedisArgument, flag: BlessFlag): Command<number> {
  return command(BLESS_SET, [key, flag]);
}

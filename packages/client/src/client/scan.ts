import type { Command, RedisArgument } from "../commands/command.ts";
import type { ScanCommonOptions } from "../commands/cursor.ts";

/** Where an iterator begins, besides the options of its command. */
export interface ScanIteratorOptions {
  /** Default `"0"`: at the beginning. */
  readonly cursor?: RedisArgument;
}

/** Options of the iterators of one key. */
export type KeyScanOptions = ScanCommonOptions & ScanIteratorOptions;

interface Page {
  readonly cursor: string;
}

/**
 * All pages of a command of the SCAN family, one after the other: the next is asked for when the one before was taken.
 * @param pageAt makes the command from a cursor
 * @param itemsOf takes the items out of a page
 */
export async function* pages<Reply extends Page, Item>(
  executor: { execute<R>(command: Command<R>): Promise<R> },
  pageAt: (cursor: RedisArgument) => Command<Reply>,
  itemsOf: (page: Reply) => Item[],
  cursor: RedisArgument = "0",
): AsyncGenerator<Item[], void, undefined> {
  let next = cursor;
  do {
    const page = await executor.execute(pageAt(next));
    next = page.cursor;
    yield itemsOf(page);
  } while (next !== "0");
}

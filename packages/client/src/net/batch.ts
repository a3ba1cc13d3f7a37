import { ReplyError } from "../errors.ts";
import type { Settle } from "./in-flight.ts";

/**
 * One answer for several commands, instead of a promise for each: their replies, in order, with error replies among
 * them. What is no reply (a lost connection, a deadline) ends it at once, for all of them.
 * @param count how many commands
 * @returns what each of the commands is settled with, one after the other
 */
export function collector(
  count: number,
  resolve: (replies: unknown[]) => void,
  reject: (error: Error) => void,
): Settle {
  const replies: unknown[] = new Array(count);
  let next = 0;
  let due = count;
  const put = (index: number, reply: unknown): void => {
    replies[index] = reply;
    if (--due === 0) resolve(replies);
  };
  return (value) => {
    const index = next++;
    if (value instanceof Promise) void fromPromise(value, index, put, reject);
    else put(index, value);
  };
}

/** An error, or a reply that comes by another way. */
async function fromPromise(
  value: Promise<unknown>,
  index: number,
  put: (index: number, reply: unknown) => void,
  reject: (error: Error) => void,
): Promise<void> {
  try {
    put(index, await value);
  } catch (error) {
    if (error instanceof ReplyError) put(index, error);
    else reject(error as Error);
  }
}

import { type Entries, flatten } from "./argument.ts";
import type { CommandSpec, RedisArgument } from "./command.ts";
import { type Mapping, toObject } from "./decode.ts";

/** What the commands of streams have in common: entries, and how to trim. */

/** What becomes of references to an entry in groups: kept (default), deleted with it, or only entries deleted that all groups have acknowledged. */
export type StreamDeletionPolicy = "KEEPREF" | "DELREF" | "ACKED";

/** What became of an entry: -1 there was none, 1 deleted, 2 kept because groups refer to it. */
export type StreamDeletionReply = -1 | 1 | 2;

/** Which entries to drop. */
export interface StreamTrim {
  /** All but the newest (`MAXLEN`), or those with lower ids (`MINID`). */
  readonly strategy: "MAXLEN" | "MINID";
  /** `~`: about, which is faster. */
  readonly strategyModifier?: "=" | "~" | undefined;
  /** How many to keep, or the lowest id to keep. */
  readonly threshold: RedisArgument;
  /** How many to drop at most; only with `~`. */
  readonly limit?: number | undefined;
  readonly policy?: StreamDeletionPolicy | undefined;
}

/** An entry. Its message is empty when the entry was deleted after it had been delivered. */
export interface StreamMessage {
  readonly id: string;
  readonly message: Record<string, string>;
  /** Only with `CLAIM` of `xReadGroup`: milliseconds since it was last delivered, and how often it was. */
  readonly millisElapsedFromDelivery?: number;
  readonly deliveriesCounter?: number;
}

/** Entries of one stream. */
export interface StreamMessages {
  readonly name: string;
  readonly messages: StreamMessage[];
}

/** An entry as it comes. */
export type RawEntry = readonly [id: string, message: Mapping | null, millis?: number, deliveries?: number];

/** An entry's fields as arguments. */
export function messageArguments(of: CommandSpec, message: Entries): RedisArgument[] {
  return flatten(of, "message", message);
}

/** How to trim as arguments. */
export function trimArguments(trim: StreamTrim): RedisArgument[] {
  const args: RedisArgument[] = [trim.strategy];
  if (trim.strategyModifier !== undefined) args.push(trim.strategyModifier);
  args.push(trim.threshold);
  if (trim.limit !== undefined) args.push("LIMIT", trim.limit);
  if (trim.policy !== undefined) args.push(trim.policy);
  return args;
}

/** Reads an entry. */
export function toMessage([id, message, millis, deliveries]: RawEntry): StreamMessage {
  return {
    id,
    message: toObject(message ?? []),
    ...(millis !== undefined && { millisElapsedFromDelivery: millis }),
    ...(deliveries !== undefined && { deliveriesCounter: deliveries }),
  };
}

/** Reads an entry that may have been deleted. */
export function toMessageOrNull(reply: RawEntry | null): StreamMessage | null {
  return reply && toMessage(reply);
}

/** Reads entries. */
export function toMessages(reply: readonly RawEntry[]): StreamMessage[] {
  return reply.map(toMessage);
}

/** Reads streams with their entries: a list of pairs in RESP2, a Map in RESP3. */
export function toStreams(
  reply: Iterable<readonly [name: string, entries: readonly RawEntry[]]> | null,
): StreamMessages[] | null {
  return (
    reply && Array.from(reply, ([name, entries]) => ({ name: String(name), messages: toMessages(entries) }))
  );
}

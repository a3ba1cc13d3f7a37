import { Buffer } from "node:buffer";
import { MultiErrorReply, RedoubtError } from "../errors.ts";
import { type Command, newSpec, type ReplyShape } from "./command.ts";
import { toObject } from "./decode.ts";

/**
 * `MULTI`, the commands it queues and `EXEC`: one command to those who carry commands out. It is sent as one block, so
 * that nothing comes in between, waits for a connection as a whole, and is answered by the reply of `EXEC` alone.
 */
export interface Transaction<Reply = unknown[]> extends Command<Reply> {
  readonly queued: readonly Command<unknown>[];
  /** Whether it depends on a `WATCH` of its connection: then no other connection may carry it out. */
  readonly watched: boolean;
}

/** What a {@link Transaction} is told by. Its name stands in errors; nothing of it is sent. */
export const TRANSACTION = newSpec("MULTI", { keys: null });

/** The first words of a transaction, and the last ones. */
export const MULTI: Command<unknown> = { spec: newSpec("MULTI", { keys: null }), args: [], decode: null };
export const EXEC: Command<unknown> = { spec: newSpec("EXEC", { keys: null }), args: [], decode: null };

/** Whether a command is a {@link Transaction}. */
export function isTransaction<Reply>(command: Command<Reply>): command is Transaction<Reply> {
  return command.spec === TRANSACTION;
}

/** Whether only the connection that a command was sent on may carry it out. */
export function isPinned(command: Command<unknown>): boolean {
  return isTransaction(command) && command.watched;
}

/** Whether a transaction's strings must be asked for as Buffers, because one of its commands gives bytes. */
export function givesBytes(queued: readonly Command<unknown>[]): boolean {
  return queued.some(({ spec }) => spec.shape === "bytes");
}

/**
 * Makes a transaction.
 * @param asText whether strings come as Buffers ({@link givesBytes}) and the caller wants text
 * @returns its replies, decoded; rejects with `REPLY_CONFLICT` when a watched key was changed, and with a
 *   {@link MultiErrorReply} when commands failed
 */
export function transaction(
  queued: readonly Command<unknown>[],
  watched: boolean,
  asText: boolean,
): Transaction {
  const decode = (reply: unknown[] | null, protocol: 2 | 3): unknown[] => {
    if (reply === null) throw new RedoubtError("REPLY_CONFLICT", "A watched key was changed before EXEC");
    return withoutErrors(
      queued.map((each, i) => (isError(reply[i]) ? reply[i] : decoded(each, reply[i], protocol, asText))),
    );
  };
  return { spec: TRANSACTION, args: [], decode, queued, watched };
}

/**
 * The replies of several commands, when none of them is an error.
 * @throws MultiErrorReply
 */
export function withoutErrors(replies: unknown[]): unknown[] {
  const errorIndexes: number[] = [];
  for (let i = 0; i < replies.length; i++) if (isError(replies[i])) errorIndexes.push(i);
  if (errorIndexes.length > 0) throw new MultiErrorReply(replies, errorIndexes);
  return replies;
}

function isError(reply: unknown): boolean {
  return typeof reply === "object" && reply instanceof RedoubtError;
}

/** A reply inside of EXEC's: the decoder builds shapes at the top of a reply only. */
function decoded(
  { spec, decode }: Command<unknown>,
  reply: unknown,
  protocol: 2 | 3,
  asText: boolean,
): unknown {
  const read = asText && spec.shape !== "bytes" ? textOf(reply) : reply;
  const shaped = shapedAs(spec.shape, read);
  return decode === null ? shaped : decode(shaped as never, protocol);
}

/** The same rule as the decoder's: a map, or an array of pairs. */
function shapedAs(shape: ReplyShape, reply: unknown): unknown {
  if (shape !== "object") return reply;
  if (reply instanceof Map) return toObject(reply);
  if (!Array.isArray(reply) || reply.length % 2 !== 0) return reply;
  const object: Record<string, unknown> = Object.create(null);
  for (let i = 0; i < reply.length; i += 2) object[String(reply[i])] = reply[i + 1];
  return object;
}

function textOf(reply: unknown): unknown {
  if (Buffer.isBuffer(reply)) return reply.toString();
  if (Array.isArray(reply)) return reply.map(textOf);
  if (reply instanceof Map) return new Map(Array.from(reply, ([key, value]) => [textOf(key), textOf(value)]));
  return reply;
}

import { Buffer } from "node:buffer";
import type { RedisArgument } from "../protocol/outgoing.ts";

export type { RedisArgument } from "../protocol/outgoing.ts";

/** How the decoder builds the top level of a reply. `object`: pairs become the entries of a plain object, from RESP2's flat array and RESP3's map alike. */
export type ReplyShape = "plain" | "object";

/** What is known of a command before its arguments: one constant per command. */
export interface CommandSpec {
  /** Name as documented, subcommand included: `GET`, `CLIENT SETNAME`. */
  readonly name: string;
  /** The name's words as RESP bulk strings, encoded once. */
  readonly head: Buffer;
  /** How many bulk strings {@link CommandSpec.head} holds. */
  readonly words: number;
  /** Whether it leaves the data as it is, so that it may be repeated and sent to a replica. */
  readonly readonly: boolean;
  /** Whether the server may keep the connection waiting on purpose. */
  readonly blocking: boolean;
  /** Index in {@link Command.args} of the first key, or -1. */
  readonly firstKey: number;
  readonly shape: ReplyShape;
}

/** A command is data: what to send, and how to read the answer. `Reply` is the type of the decoded answer. */
export interface Command<Reply> {
  readonly spec: CommandSpec;
  /** Arguments after the name. */
  readonly args: readonly RedisArgument[];
  /**
   * Turns the reply into its JavaScript value, the same for RESP2 and RESP3; `null` when the reply is already that.
   * Error replies never get here.
   */
  readonly decode: Decode<Reply> | null;
}

/** `reply` is what the decoder gave: string (or Buffer), number, bigint, boolean, null, array, Map. */
// biome-ignore format: one line reads better
export type Decode<Reply> = (reply: never, protocol: 2 | 3) => Reply;

/** The reply type of a command, or of a function that makes one. */
export type ReplyOf<C> =
  C extends Command<infer R> ? R : C extends (...args: never) => Command<infer R> ? R : never;

export interface SpecOptions {
  readonly readonly?: boolean;
  readonly blocking?: boolean;
  /** Default 0; -1 for a command without keys. */
  readonly firstKey?: number;
  readonly shape?: ReplyShape;
}

/** Makes the constant part of a command. */
export function spec(name: string, options: SpecOptions = {}): CommandSpec {
  const words = name.split(" ");
  return {
    name,
    head: Buffer.from(words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")),
    words: words.length,
    readonly: options.readonly ?? false,
    blocking: options.blocking ?? false,
    firstKey: options.firstKey ?? 0,
    shape: options.shape ?? "plain",
  };
}

/** Joins spec, arguments and decoder. All commands are made here, so that they have one hidden class. */
export function command<Reply>(
  of: CommandSpec,
  args: readonly RedisArgument[],
  decode: Decode<Reply> | null = null,
): Command<Reply> {
  return { spec: of, args, decode };
}

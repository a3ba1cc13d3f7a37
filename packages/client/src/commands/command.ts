import { Buffer } from "node:buffer";
import type { RedisArgument } from "../protocol/outgoing.ts";
import { type Idempotence, idempotenceOf } from "./idempotence.ts";
import { firstArgument, type KeyPlaces } from "./keys.ts";

export type { RedisArgument } from "../protocol/outgoing.ts";

/**
 * How the decoder builds a reply. `object`: pairs at its top level become the entries of a plain object, from RESP2's flat
 * array and RESP3's map alike. `bytes`: its strings come as Buffers, whatever the caller chose, because they are not text.
 */
export type ReplyShape = "plain" | "object" | "bytes";

/** What is known of a command before its arguments: one constant per command. */
export interface CommandSpec {
  /** Name as documented, subcommand included: `GET`, `CLIENT SETNAME`. */
  readonly name: string;
  /** The name's words as RESP bulk strings, encoded once. */
  readonly head: Buffer;
  /** How many bulk strings {@link CommandSpec.head} holds. */
  readonly words: number;
  /** Whether it leaves the data as it is, so that it may be sent to a replica. */
  readonly readonly: boolean;
  /** Whether it may be repeated when nobody knows whether it was carried out: ask `isIdempotent`. */
  readonly idempotent: Idempotence;
  /** Whether the server may keep the connection waiting on purpose. */
  readonly blocking: boolean;
  /** 1: a transaction written by hand begins (`sendCommand(["MULTI"])`), -1: it ends; else 0. */
  readonly bracket: 0 | 1 | -1;
  /** Where its keys are: ask `keysOf`. */
  readonly keys: KeyPlaces;
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
  readonly bracket?: 1 | -1;
  /** Default: the first argument. */
  readonly keys?: KeyPlaces;
  readonly shape?: ReplyShape;
}

/** Makes the constant part of a command. */
export function newSpec(name: string, options: SpecOptions = {}): CommandSpec {
  const words = name.split(" ");
  return {
    name,
    head: Buffer.from(words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")),
    words: words.length,
    readonly: options.readonly ?? false,
    idempotent: options.readonly ? true : idempotenceOf(name),
    blocking: options.blocking ?? false,
    bracket: options.bracket ?? 0,
    keys: options.keys === undefined ? firstArgument : options.keys,
    shape: options.shape ?? "plain",
  };
}

const specs = new Map<string, CommandSpec>();
const containers = new Set<string>();

/** {@link newSpec} for a family: {@link specNamed} finds it from now on. */
export function spec(name: string, options?: SpecOptions): CommandSpec {
  const made = newSpec(name, options);
  if (!specs.has(name)) specs.set(name, made);
  if (made.words > 1) containers.add(name.slice(0, name.indexOf(" ")));
  return made;
}

/** What the families know of a command, by its name in capitals. */
export function specNamed(name: string): CommandSpec | undefined {
  return specs.get(name);
}

/** Whether a word, in capitals, begins names of commands of the families, as `CLIENT` does. */
export function isContainer(word: string): boolean {
  return containers.has(word);
}

/** Joins spec, arguments and decoder. All commands are made here, so that they have one hidden class. */
export function command<Reply>(
  of: CommandSpec,
  args: readonly RedisArgument[],
  decode: Decode<Reply> | null = null,
): Command<Reply> {
  return { spec: of, args, decode };
}

/**
 * Whether a command may be sent again when nobody knows whether it was carried out.
 * See `idempotence.ts` for what that means of one that writes.
 */
export function isIdempotent({ spec: of, args }: Command<unknown>): boolean {
  return typeof of.idempotent === "boolean" ? of.idempotent : of.idempotent(args);
}

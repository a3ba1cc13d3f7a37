import type { RedisArgument } from "../protocol/outgoing.ts";

/**
 * Where the keys of a command are among its arguments, by which a cluster finds the node. The name's words do not count.
 * Source: the key specifications of `COMMAND`. Shard channels route like keys and count as such.
 */

/** Every `step`-th argument from `first` to `last`, which counts from the end when negative (-1: the last argument). */
export interface KeyRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** The argument at `count` says how many keys follow it, each `step` arguments after the one before. */
export interface KeyCount {
  readonly count: number;
  readonly step: number;
  /** Whether the first argument is a key, too: where the result goes. */
  readonly destination: boolean;
}

/** Looks for the keys where words decide on their places. */
export type KeyFinder = (args: readonly RedisArgument[]) => readonly RedisArgument[];

/** null: nowhere. */
export type KeyPlaces = KeyRange | KeyCount | KeyFinder | null;

/** The first argument alone. */
export const firstArgument: KeyRange = { first: 0, last: 0, step: 1 };

/** All arguments from `first` to `last`; or every `step`-th. */
export function keysFrom(first: number, last = -1, step = 1): KeyRange {
  return { first, last, step };
}

/** As many as the argument at `count` says. */
export function keysCounted(count: number, step = 1): KeyCount {
  return { count, step, destination: false };
}

/** {@link keysCounted}, and the first argument. */
export function destinationAndKeys(count: number): KeyCount {
  return { count, step: 1, destination: true };
}

/** What knows its keys: a command. */
export interface Keyed {
  readonly spec: { readonly keys: KeyPlaces };
  readonly args: readonly RedisArgument[];
}

/** All keys of a command, in its order. */
export function keysOf({ spec: { keys: places }, args }: Keyed): readonly RedisArgument[] {
  if (places === null) return [];
  if (typeof places === "function") return places(args);
  if ("first" in places) {
    const { first, last, step } = places;
    return every(args, first, last < 0 ? args.length + last : last, step);
  }
  const { count, step, destination } = places;
  const counted = every(args, count + 1, count + Number(args[count]) * step, step);
  return destination ? [...args.slice(0, 1), ...counted] : counted;
}

/** The first key of a command, or undefined. */
export function firstKeyOf(command: Keyed): RedisArgument | undefined {
  const { keys: places } = command.spec;
  return places !== null && "first" in places ? command.args[places.first] : keysOf(command)[0];
}

/** An argument as a word of the command's syntax, which may be written in small letters. */
export function asWord(arg: RedisArgument | undefined): string {
  return String(arg).toUpperCase();
}

function every(args: readonly RedisArgument[], first: number, last: number, step: number): RedisArgument[] {
  const keys: RedisArgument[] = [];
  for (let i = first; i <= last && i < args.length; i += step) keys.push(args[i] as RedisArgument);
  return keys;
}

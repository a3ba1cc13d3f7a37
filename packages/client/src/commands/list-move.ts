import { counted, type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { keysCounted, keysFrom } from "./keys.ts";

/** Between lists, and waiting for elements: `timeout` in seconds (0: for ever), null when it is over. */

const BLMOVE = spec("BLMOVE", { blocking: true, keys: keysFrom(0, 1) });
const BLMOVEM = spec("BLMOVEM", { blocking: true, keys: keysFrom(0, 1) });
const BLMPOP = spec("BLMPOP", { blocking: true, keys: keysCounted(1) });
const BLPOP = spec("BLPOP", { blocking: true, keys: keysFrom(0, -2) });
const BRPOP = spec("BRPOP", { blocking: true, keys: keysFrom(0, -2) });
const BRPOPLPUSH = spec("BRPOPLPUSH", { blocking: true, keys: keysFrom(0, 1) });
const LMOVE = spec("LMOVE", { keys: keysFrom(0, 1) });
const LMOVEM = spec("LMOVEM", { keys: keysFrom(0, 1) });
const LMPOP = spec("LMPOP", { keys: keysCounted(0) });
const RPOPLPUSH = spec("RPOPLPUSH", { keys: keysFrom(0, 1) });

/** An end of a list. */
export type ListSide = "LEFT" | "RIGHT";

/** Options of {@link lmPop}. */
export interface LMPopOptions {
  /** How many elements at most; default 1. */
  readonly COUNT?: number | undefined;
}

/** How many elements to move (`COUNT` at most, `EXACTLY` or none), and whether one by one or as a block. */
export type LMoveMOptions =
  | { readonly COUNT: number; readonly ORDER: "OBO" | "BULK" }
  | { readonly EXACTLY: number; readonly ORDER: "OBO" | "BULK" };

/** An element, and the list that it came from. */
export interface PoppedElement {
  readonly key: string;
  readonly element: string;
}

/** {@link lMove} that waits for an element. */
export function blMove(
  source: RedisArgument,
  destination: RedisArgument,
  sourceSide: ListSide,
  destinationSide: ListSide,
  timeout: number,
): Command<string | null> {
  return command(BLMOVE, [source, destination, sourceSide, destinationSide, timeout]);
}

/** {@link lMoveM} that waits for elements. */
export function blMoveM(
  source: RedisArgument,
  destination: RedisArgument,
  sourceSide: ListSide,
  destinationSide: ListSide,
  timeout: number,
  options?: LMoveMOptions,
): Command<string[] | null> {
  return command(BLMOVEM, [
    source,
    destination,
    sourceSide,
    destinationSide,
    timeout,
    ...lMoveMArguments(options),
  ]);
}

/** {@link lmPop} that waits for an element. */
export function blmPop(
  timeout: number,
  keys: OneOrMore,
  side: ListSide,
  options: LMPopOptions = {},
): Command<[key: string, elements: string[]] | null> {
  const args = [timeout, ...counted(BLMPOP, "keys", keys), side];
  if (options.COUNT !== undefined) args.push("COUNT", options.COUNT);
  return command(BLMPOP, args);
}

/** Takes the first element of the first list that has one, waiting for it. */
export function blPop(key: OneOrMore, timeout: number): Command<PoppedElement | null> {
  return command(BLPOP, [...several(BLPOP, "key", key), timeout], toPoppedElement);
}

/** Takes the last element of the first list that has one, waiting for it. */
export function brPop(key: OneOrMore, timeout: number): Command<PoppedElement | null> {
  return command(BRPOP, [...several(BRPOP, "key", key), timeout], toPoppedElement);
}

/** {@link rPopLPush} that waits for an element. Redis advises {@link blMove}. */
export function brPopLPush(
  source: RedisArgument,
  destination: RedisArgument,
  timeout: number,
): Command<string | null> {
  return command(BRPOPLPUSH, [source, destination, timeout]);
}

/** Moves an element from one end to another, of two lists or of one; answers it, null without the source. */
export function lMove(
  source: RedisArgument,
  destination: RedisArgument,
  sourceSide: ListSide,
  destinationSide: ListSide,
): Command<string | null> {
  return command(LMOVE, [source, destination, sourceSide, destinationSide]);
}

/** {@link lMove} for several elements. */
export function lMoveM(
  source: RedisArgument,
  destination: RedisArgument,
  sourceSide: ListSide,
  destinationSide: ListSide,
  options?: LMoveMOptions,
): Command<string[] | null> {
  return command(LMOVEM, [source, destination, sourceSide, destinationSide, ...lMoveMArguments(options)]);
}

/** Takes elements of the first list that has any; null when none has. */
export function lmPop(
  keys: OneOrMore,
  side: ListSide,
  options: LMPopOptions = {},
): Command<[key: string, elements: string[]] | null> {
  const args = [...counted(LMPOP, "keys", keys), side];
  if (options.COUNT !== undefined) args.push("COUNT", options.COUNT);
  return command(LMPOP, args);
}

/** Moves the last element of one list to the front of another. Redis advises {@link lMove}. */
export function rPopLPush(source: RedisArgument, destination: RedisArgument): Command<string | null> {
  return command(RPOPLPUSH, [source, destination]);
}

function lMoveMArguments(options: LMoveMOptions | undefined): RedisArgument[] {
  if (options === undefined) return [];
  const howMany = "EXACTLY" in options ? ["EXACTLY", options.EXACTLY] : ["COUNT", options.COUNT];
  return [...howMany, options.ORDER];
}

function toPoppedElement(reply: [key: string, element: string] | null): PoppedElement | null {
  return reply && { key: reply[0], element: reply[1] };
}

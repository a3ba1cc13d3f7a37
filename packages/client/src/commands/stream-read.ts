import { type OneOrMore, several } from "./argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "./command.ts";
import { asWord, type KeyFinder } from "./keys.ts";
import { type StreamMessages, toStreams } from "./stream-entry.ts";

/** Reading new entries, alone or as a consumer of a group, and waiting for them. */

// The first of each name is what `sendCommand` goes by, which does not look for BLOCK.
const XREAD_BLOCK = spec("XREAD", { readonly: true, blocking: true, keys: firstHalfAfterStreams(0) });
const XREAD = spec("XREAD", { readonly: true, keys: firstHalfAfterStreams(0) });
const XREADGROUP_BLOCK = spec("XREADGROUP", { blocking: true, keys: firstHalfAfterStreams(3) });
const XREADGROUP = spec("XREADGROUP", { keys: firstHalfAfterStreams(3) });

/** A stream, and the id after which to read: `"$"` what comes from now on, `">"` what the group has not had. */
export interface StreamPosition {
  readonly key: RedisArgument;
  readonly id: RedisArgument;
}

/** Options of {@link xRead}. */
export interface XReadOptions {
  /** How many entries of each stream at most. */
  readonly COUNT?: number | undefined;
  /** How many entries, or bytes, in all. Redis 8.6. */
  readonly MAXCOUNT?: number | undefined;
  readonly MAXSIZE?: number | undefined;
  /** How long to wait for an entry, milliseconds; 0: for ever. Default: not at all. */
  readonly BLOCK?: number | undefined;
}

/** Options of {@link xReadGroup}. */
export interface XReadGroupOptions extends XReadOptions {
  /** Read what others were given this many milliseconds ago and have not acknowledged, too. Redis 8.4. */
  readonly CLAIM?: number | undefined;
  /** What is given counts as acknowledged. */
  readonly NOACK?: boolean | undefined;
}

/** The entries after the positions; null when there are none. */
export function xRead(
  streams: OneOrMore<StreamPosition>,
  options: XReadOptions = {},
): Command<StreamMessages[] | null> {
  const of = options.BLOCK === undefined ? XREAD : XREAD_BLOCK;
  return command(of, [...readOptions(options), ...positions(of, streams)], toStreams);
}

/** {@link xRead} as a consumer of a group: each entry goes to one consumer, who acknowledges it with `xAck`. */
export function xReadGroup(
  group: RedisArgument,
  consumer: RedisArgument,
  streams: OneOrMore<StreamPosition>,
  options: XReadGroupOptions = {},
): Command<StreamMessages[] | null> {
  const args = ["GROUP", group, consumer, ...readOptions(options)];
  if (options.CLAIM !== undefined) args.push("CLAIM", options.CLAIM);
  if (options.NOACK) args.push("NOACK");
  const of = options.BLOCK === undefined ? XREADGROUP : XREADGROUP_BLOCK;
  return command(of, [...args, ...positions(of, streams)], toStreams);
}

function readOptions(options: XReadOptions): RedisArgument[] {
  const args: RedisArgument[] = [];
  for (const name of ["COUNT", "MAXCOUNT", "MAXSIZE", "BLOCK"] as const) {
    const value = options[name];
    if (value !== undefined) args.push(name, value);
  }
  return args;
}

function positions(of: CommandSpec, streams: OneOrMore<StreamPosition>): RedisArgument[] {
  const list = several(of, "streams", streams);
  return ["STREAMS", ...list.map(({ key }) => key), ...list.map(({ id }) => id)];
}

/** Half of what follows `STREAMS` are keys, the other half ids. The word is looked for from `from` on. */
function firstHalfAfterStreams(from: number): KeyFinder {
  return (args) => {
    const first = args.findIndex((arg, i) => i >= from && asWord(arg) === "STREAMS") + 1;
    return first === 0 ? [] : args.slice(first, first + (args.length - first) / 2);
  };
}

import { type Command, command, spec } from "./command.ts";

/** Commands that were slow; and in Valkey 8.1 also those whose request or reply was large. */

const COMMANDLOG_GET = spec("COMMANDLOG GET", { keys: null });
const COMMANDLOG_LEN = spec("COMMANDLOG LEN", { keys: null });
const COMMANDLOG_RESET = spec("COMMANDLOG RESET", { keys: null });
const SLOWLOG_GET = spec("SLOWLOG GET", { keys: null });
const SLOWLOG_LEN = spec("SLOWLOG LEN", { keys: null });
const SLOWLOG_RESET = spec("SLOWLOG RESET", { keys: null });

/** A command that took long. */
export interface SlowlogEntry {
  readonly id: number;
  /** Unix time in seconds. */
  readonly timestamp: number;
  /** Microseconds. */
  readonly duration: number;
  /** Name and arguments, shortened by the server. */
  readonly arguments: string[];
  /** Address of the client. */
  readonly client: string;
  readonly clientName: string;
}

/** Which log of Valkey. */
export type CommandlogType = "slow" | "large-request" | "large-reply";

/** A command that was slow or large. */
export interface CommandlogEntry extends Omit<SlowlogEntry, "duration"> {
  /** Microseconds, or bytes. */
  readonly value: number;
}

type RawEntry = readonly [number, number, number, string[], string, string];

/** The latest entries of a log of Valkey 8.1, -1 for all. */
export function commandlogGet(count: number, type: CommandlogType): Command<CommandlogEntry[]> {
  return command(COMMANDLOG_GET, [count, type], (reply: readonly RawEntry[]) =>
    reply.map((entry) => {
      const { duration: value, ...rest } = toEntry(entry);
      return { ...rest, value };
    }),
  );
}

/** How many entries a log of Valkey 8.1 holds. */
export function commandlogLen(type: CommandlogType): Command<number> {
  return command(COMMANDLOG_LEN, [type]);
}

/** Empties a log of Valkey 8.1. */
export function commandlogReset(type: CommandlogType): Command<"OK"> {
  return command(COMMANDLOG_RESET, [type]);
}

/** Commands that took longer than the server's `slowlog-log-slower-than`, the latest first; 10 by default, -1 for all. */
export function slowlogGet(count?: number): Command<SlowlogEntry[]> {
  return command(SLOWLOG_GET, count === undefined ? [] : [count], (reply: readonly RawEntry[]) =>
    reply.map(toEntry),
  );
}

/** How many entries the log holds. */
export function slowlogLen(): Command<number> {
  return command(SLOWLOG_LEN, []);
}

/** Empties the log. */
export function slowlogReset(): Command<"OK"> {
  return command(SLOWLOG_RESET, []);
}

function toEntry([id, timestamp, duration, words, client, clientName]: RawEntry): SlowlogEntry {
  return { id, timestamp, duration, arguments: words, client, clientName };
}

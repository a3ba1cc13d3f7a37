import { type Command, command, spec } from "./command.ts";

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

type RawEntry = readonly [number, number, number, string[], string, string];

/** Commands that took longer than the server's `slowlog-log-slower-than`, the latest first; 10 by default, -1 for all. */
export function slowlogGet(count?: number): Command<SlowlogEntry[]> {
  return command(SLOWLOG_GET, count === undefined ? [] : [count], (reply: readonly RawEntry[]) =>
    reply.map(([id, timestamp, duration, words, client, clientName]) => ({
      id,
      timestamp,
      duration,
      arguments: words,
      client,
      clientName,
    })),
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

import type { RedoubtError } from "../errors.ts";

/** Bit of a mode: nobody is told of the command, because nobody shall be, or because somebody was. */
export const untold = 16;

/** Under which terms a command is carried out. */
export interface Terms {
  /** How to build the reply, see `protocol`. */
  readonly mode: number;
  /** From call to reply, ms; 0: none. Blocking commands have none in any case. */
  readonly timeout: number;
  /** Lets the caller go when it is aborted. */
  readonly signal: AbortSignal | undefined;
}

/** Says how long to wait before connecting again: ms, or `false` or an error to give up. `retries` is 0 for the first retry. */
export type ReconnectStrategy = (retries: number, cause: RedoubtError) => number | false | Error;

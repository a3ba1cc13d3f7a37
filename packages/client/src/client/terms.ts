import type { RedoubtError } from "../errors.ts";

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

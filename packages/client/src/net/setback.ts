import { type Command, isIdempotent } from "../commands/command.ts";
import { type ErrorRow, errorTable, RedoubtError } from "../errors.ts";

// Bits of a command's mode, above those that the decoder reads: how else than by its reply it may be answered.

/** Only by its own reply or error: it is never sent again. */
export const answeredOnce = 4;
/** It may be sent again even if it may have been carried out, where the command itself allows that. */
export const repeatable = 8;

/** A command that the server refused, or of which nobody knows whether it was carried out. */
export interface Setback {
  readonly command: Command<unknown>;
  readonly mode: number;
  /** What is left of its time, ms; 0: it has no limit. */
  readonly timeout: number;
  readonly error: RedoubtError;
  /** Whether it may have been carried out. */
  readonly uncertain: boolean;
}

/** Why a command was refused: for a transaction that was given up, the reason in it. */
export function refusalOf(error: RedoubtError): RedoubtError {
  const { cause } = error;
  return error.code === "REPLY_EXEC_ABORTED" && cause instanceof RedoubtError ? cause : error;
}

/**
 * Whether a command may be sent again, and when: see `repeat` in the table of errors. It was not carried out, or its
 * caller and the command itself allow it.
 */
export function repeatOf({ command, mode, error, uncertain }: Setback): ErrorRow["repeat"] {
  if ((mode & answeredOnce) !== 0) return "never";
  if (uncertain && ((mode & repeatable) === 0 || !isIdempotent(command))) return "never";
  return errorTable[refusalOf(error).code].repeat;
}

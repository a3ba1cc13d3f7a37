import type { Command } from "../commands/command.ts";
import type { RedoubtError } from "../errors.ts";

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

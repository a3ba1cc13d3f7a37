/** How a program ended. */
export interface ProgramExit {
  /** Its exit code; null when a signal ended it. */
  readonly code: number | null;
  /** The signal that ended it, `SIGKILL`; null when it ended by itself. */
  readonly signal: string | null;
}

/** An end in words: `exited with code 3`, `was ended by SIGKILL`. */
export function describeExit({ code, signal }: ProgramExit): string {
  return signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
}

import type { ExitCode } from "./exit-codes.ts";
import type { Output } from "./output.ts";

/** One run of the program: what a command may use of the process, so that it never reaches for `process` itself. */
export interface Invocation {
  readonly output: Output;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  /** Only for what must be written byte by byte; everything else goes through {@link Invocation.output}. */
  readonly stdout: NodeJS.WriteStream;
  /** Only to ask a question on; everything else goes through {@link Invocation.output}. */
  readonly stderr: NodeJS.WriteStream;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** Calls back at each signal of that name, instead of what the system does. Gives back what ends it. */
  readonly onSignal: (name: "SIGTERM" | "SIGHUP" | "SIGUSR1" | "SIGUSR2", listener: () => void) => () => void;
  /** What the process will exit with; a command sets it. */
  exitCode: ExitCode;
}

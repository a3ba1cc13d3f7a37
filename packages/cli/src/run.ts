import { CommanderError } from "commander";
import { type ExitCode, exitCodeFor, exitCodes } from "./exit-codes.ts";
import { describeFailure, tellFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { Output } from "./output.ts";
import { createProgram } from "./program.ts";
import { joinWords } from "./service/spelling.ts";
import { usageError } from "./usage.ts";

/** What may still run when all is said, for example a look-up in the system's resolver, gets this long. Milliseconds. */
const lingering = 100;

/** Runs the program on this process: its arguments, streams, environment and signals. */
export async function runProcess(): Promise<void> {
  const { stdout, stderr, stdin, env: environment } = process;
  for (const stream of [stdout, stderr]) stream.on("error", tellUnwritable);
  const interrupt = new AbortController();
  process.once("SIGINT", () => {
    interrupt.abort();
    // The second one ends the program at once, as without a listener.
    process.once("SIGINT", () => process.exit(exitCodes.interrupted));
  });
  const output = new Output(stdout, stderr, environment);
  const { signal } = interrupt;
  process.exitCode = await run(process.argv.slice(2), {
    output,
    environment,
    stdin,
    stdout,
    stderr,
    signal,
    onSignal: (name, listener) => {
      process.on(name, listener);
      return () => process.off(name, listener);
    },
    exitCode: exitCodes.ok,
  });
  await output.flush();
  setTimeout(() => process.exit(), lingering).unref();
}

/** Runs one command line. Every failure is told; nothing is thrown. */
export async function run(words: readonly string[], invocation: Invocation): Promise<ExitCode> {
  try {
    const program = await createProgram(invocation, words[0]);
    await program.parseAsync(joinWords(program, words), { from: "user" });
    return invocation.exitCode;
  } catch (error) {
    return fail(error, words, invocation);
  }
}

function fail(error: unknown, words: readonly string[], { output, signal }: Invocation): ExitCode {
  if (signal.aborted || exitCodeFor(error) === exitCodes.interrupted) {
    output.note("Interrupted.");
    return exitCodes.interrupted;
  }
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
  // No command at all: the help was the answer.
  if (error instanceof CommanderError && error.code === "commander.help") return exitCodes.usage;
  const failure = error instanceof CommanderError ? usageError(error) : error;
  if (wantsJson(words)) output.json({ error: describeFailure(failure) });
  else tellFailure(failure, output);
  return exitCodeFor(failure);
}

/** A command line that could not be read may still say how its failure is to be written. */
function wantsJson(words: readonly string[]): boolean {
  // The shell's --json is the form of replies; and its arguments may be anything.
  if (words[0] === "cli") return false;
  const end = words.indexOf("--");
  return words.slice(0, end < 0 ? words.length : end).includes("--json");
}

/** `redoubt … | head`: the reader has seen enough, which is no failure of ours. A full disk is one. */
function tellUnwritable(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") return;
  process.stderr.write(`redoubt cannot write its output: ${error.code ?? error.message}\n`);
  process.exit(exitCodes.failure);
}

import type { Command } from "commander";
import {
  type AppHostFlags,
  addAppHostArguments,
  appHostHelp,
  fileAndWords,
  runAppHost,
} from "../app-host.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";

const examples = `${appHostHelp}

Examples:
  redoubt run
  redoubt run ./shop/apphost.ts
  redoubt run . -- --Parameters:api-key="$KEY"

Ctrl-C stops all of it, in order; a second one at once. Logs go to stdout, the rest to stderr.`;

/** Adds `redoubt run`: runs an app on this machine. */
export function addRun(program: Command, invocation: Invocation): void {
  addAppHostArguments(program.command("run"))
    .summary("Run an app, its Redis and its programs, here.")
    .description("Run an app: its Redis and its programs, on this machine.")
    .addHelpText("after", examples)
    .action(async (file: string | undefined, words: string[], flags: AppHostFlags) => {
      const { exitCode } = await runAppHost(
        { operation: "run", ...fileAndWords(file, words) },
        flags,
        invocation,
      );
      invocation.exitCode = exitCode as ExitCode;
    });
}

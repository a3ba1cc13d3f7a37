import { runShell } from "@redoubt/shell";
import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { askPasswordOf, canAsk } from "../password.ts";
import { resolveService } from "../service/resolve.ts";

/** Adds `redoubt cli`: redis-cli's command line, over a verified connection. Its arguments are the shell's own business. */
export function addCli(program: Command, invocation: Invocation, version: string): void {
  program
    .command("cli [words...]")
    .usage("[options] [command [argument ...]]")
    .summary("redis-cli's flags and prompt, over verified TLS.")
    .description("redis-cli's flags, output and prompt, over a verified connection.")
    // -h is the host, as with redis-cli; the shell prints its help itself.
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (words: string[]) => {
      invocation.exitCode = await openShell(words, invocation, version);
    });
}

/** Runs the shell on this process, with redis-cli's words. Names of services are known to it. */
export async function openShell(
  words: readonly string[],
  invocation: Invocation,
  version: string,
): Promise<ExitCode> {
  const { stdin, stdout, stderr, environment, signal, output } = invocation;
  const code = await runShell(words, {
    stdin,
    stdout,
    stderr,
    environment,
    signal,
    version,
    hide: (secret) => output.hide(secret),
    resolveService: (name) => resolveService(name, invocation),
    ...(canAsk(invocation) && { askPassword: (user) => askPasswordOf(user, invocation) }),
  });
  return code as ExitCode;
}

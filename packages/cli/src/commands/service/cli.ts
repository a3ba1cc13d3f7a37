import type { Command } from "commander";
import type { Invocation } from "../../invocation.ts";
import { openShell } from "../cli.ts";

const examples = `
The same as "redoubt cli --service NAME": redis-cli's options and commands come behind the name.

Examples:
  redoubt service cli my-redis
  redoubt service cli my-redis GET greeting
  redoubt service cli my-redis --scan --pattern 'cache:*'`;

/** Adds `redoubt service cli`: the shell at a service. */
export function addServiceCli(service: Command, invocation: Invocation, version: string): void {
  service
    .command("cli <name> [words...]")
    .usage("<name> [options] [command [argument ...]]")
    .description("Open redis-cli's prompt at a service, or run a command there.")
    .addHelpText("after", examples)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (name: string, words: string[]) => {
      invocation.exitCode = await openShell(["--service", name, ...words], invocation, version);
    });
}

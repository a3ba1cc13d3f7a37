import type { Command } from "commander";
import { duration } from "../../duration.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome, waiting } from "../../service/face.ts";

/** Adds `redoubt service wait`. */
export function addServiceWait(service: Command, invocation: Invocation): void {
  service
    .command("wait <name...>")
    .description("Wait until all of them run.")
    .option("--timeout <time>", "how long at most (default: 60s)", duration("--timeout"))
    .action(async (names: string[], { timeout }: { readonly timeout?: number }) => {
      const services = await openHome(invocation);
      for (const { name, state } of await services.wait(names, waiting(invocation, timeout)))
        invocation.output.note(`${name} is ${state}.`);
      invocation.exitCode = exitCodes.ok;
    });
}

import type { Command } from "commander";
import { duration } from "../../duration.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome, waiting } from "../../service/face.ts";
import { noteNextSteps, printService } from "../../service/result.ts";

interface Flags {
  readonly backup?: string;
  readonly plan?: string;
  readonly timeout?: number;
  readonly json?: true;
}

/** Adds `redoubt service fork`. */
export function addServiceFork(service: Command, invocation: Invocation): void {
  service
    .command("fork <name> <new-name>")
    .description("Create a service that begins with the data of another one's backup.")
    .option("--backup <name>", "which one (default: the newest)")
    .option("-p, --plan <plan>", "its size (default: the same)")
    .option("--timeout <time>", "how long it may take: 90s", duration("--timeout"))
    .option("--json", "print one JSON document")
    .action(async (name: string, as: string, { backup, plan, timeout, json }: Flags) => {
      const services = await openHome(invocation);
      const options = { ...(backup !== undefined && { backup }), ...(plan !== undefined && { plan }) };
      const made = await services.fork(name, as, options, waiting(invocation, timeout));
      printService(made, json, invocation);
      noteNextSteps(made, invocation);
      invocation.exitCode = exitCodes.ok;
    });
}

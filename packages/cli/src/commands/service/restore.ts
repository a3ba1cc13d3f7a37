import type { Command } from "commander";
import { duration } from "../../duration.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { confirmed } from "../../service/confirm.ts";
import { openHome, waiting } from "../../service/face.ts";
import { printService } from "../../service/result.ts";

interface Flags {
  readonly backup?: string;
  readonly force?: boolean;
  readonly timeout?: number;
  readonly json?: true;
}

/** Adds `redoubt service restore`. */
export function addServiceRestore(service: Command, invocation: Invocation): void {
  service
    .command("restore <name>")
    .description("Put the data of a backup in place of what is there.")
    .option("--backup <name>", "which one (default: the newest)")
    .option("-f, --force", "without a question")
    .option("--timeout <time>", "how long it may take: 90s", duration("--timeout"))
    .option("--json", "print one JSON document")
    .action(async (name: string, { backup, force = false, timeout, json }: Flags) => {
      const services = await openHome(invocation);
      await services.get(name);
      const warnings = [`${name}: what was written since that backup will be gone.`];
      if (!(await confirmed({ warnings, word: name, force }, invocation))) {
        invocation.exitCode = exitCodes.failure;
        return;
      }
      printService(await services.restore(name, backup, waiting(invocation, timeout)), json, invocation);
      invocation.exitCode = exitCodes.ok;
    });
}

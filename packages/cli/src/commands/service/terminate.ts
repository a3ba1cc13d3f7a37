import { RedoubtError } from "@redoubt/client";
import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { confirmed } from "../../service/confirm.ts";
import { openHome, waiting } from "../../service/face.ts";

/** Adds `redoubt service terminate`. */
export function addServiceTerminate(service: Command, invocation: Invocation): void {
  service
    .command("terminate <name...>")
    .description("End services for good: their data and their backups are removed.")
    .option("-f, --force", "without a question")
    .action(async (names: string[], { force = false }: { readonly force?: boolean }) => {
      const services = await openHome(invocation);
      // All names first: of a slip in one of them, nothing shall be gone.
      const known = new Set(await services.names());
      const protectedOnes = (await services.list(names.filter((name) => known.has(name)))).filter(
        ({ terminationProtection }) => terminationProtection,
      );
      for (const name of names) if (!known.has(name)) await services.get(name);
      for (const { name } of protectedOnes)
        throw new RedoubtError("SERVICE_PROTECTED", `${name} is protected from termination.`, {
          hint: `redoubt service update ${name} --disable-termination-protection`,
        });
      for (const name of names) {
        const warnings = [
          `${name}: all its data and all its backups will be removed. Nothing brings them back.`,
        ];
        if (!(await confirmed({ warnings, word: name, force }, invocation))) {
          invocation.exitCode = exitCodes.failure;
          return;
        }
        await services.terminate(name, waiting(invocation));
        invocation.output.note(`${name}: terminated`);
      }
      invocation.exitCode = exitCodes.ok;
    });
}

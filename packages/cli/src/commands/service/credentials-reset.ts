import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome } from "../../service/face.ts";
import { printService } from "../../service/result.ts";

/** Adds `redoubt service credentials-reset`. */
export function addServiceCredentialsReset(service: Command, invocation: Invocation): void {
  service
    .command("credentials-reset <name>")
    .description("Give the user default another password, and print the new URI.")
    .option("--json", "print one JSON document")
    .action(async (name: string, { json }: { readonly json?: true }) => {
      const services = await openHome(invocation);
      printService(await services.credentialsReset(name), json, invocation);
      invocation.exitCode = exitCodes.ok;
    });
}

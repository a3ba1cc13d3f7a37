import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome } from "../../service/face.ts";

/** Adds `redoubt service user-delete`. */
export function addServiceUserDelete(service: Command, invocation: Invocation): void {
  service
    .command("user-delete <name>")
    .description("Delete a user; its connections are closed.")
    .requiredOption("--username <user>", "its name")
    .action(async (name: string, { username }: { readonly username: string }) => {
      const services = await openHome(invocation);
      await services.userDelete(name, username);
      invocation.output.note("The user is deleted.");
      invocation.exitCode = exitCodes.ok;
    });
}

import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { userColumns, userDocument } from "../../service/document.ts";
import { hideUser, openHome } from "../../service/face.ts";
import { addTableFlags, printItems, type TableFlags } from "../../service/table.ts";

/** Adds `redoubt service user-get`. */
export function addServiceUserGet(service: Command, invocation: Invocation): void {
  const command = service
    .command("user-get <name>")
    .description("Show a user.")
    .requiredOption("--username <user>", "its name")
    .option("--reveal", "show the password");
  addTableFlags(command).action(
    async (name: string, flags: TableFlags & { readonly username: string; readonly reveal?: true }) => {
      const services = await openHome(invocation);
      const user = hideUser(await services.userGet(name, flags.username), invocation);
      printItems([userDocument(user, flags.reveal === true)], userColumns, flags, invocation.output, {
        one: true,
      });
      invocation.exitCode = exitCodes.ok;
    },
  );
}

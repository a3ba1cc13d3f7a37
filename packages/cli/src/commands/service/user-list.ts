import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { userColumns, userDocument } from "../../service/document.ts";
import { hideUser, openHome } from "../../service/face.ts";
import { addTableFlags, printItems, type TableFlags } from "../../service/table.ts";

/** Adds `redoubt service user-list`. */
export function addServiceUserList(service: Command, invocation: Invocation): void {
  const command = service
    .command("user-list <name>")
    .description("List users and what they may do.")
    .option("--reveal", "show passwords: --format '{username} {password}' --reveal");
  addTableFlags(command).action(async (name: string, flags: TableFlags & { readonly reveal?: true }) => {
    const services = await openHome(invocation);
    const users = await services.userList(name);
    const items = users.map((user) => userDocument(hideUser(user, invocation), flags.reveal === true));
    printItems(items, userColumns, flags, invocation.output);
    invocation.exitCode = exitCodes.ok;
  });
}

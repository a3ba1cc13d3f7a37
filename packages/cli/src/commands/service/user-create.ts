import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { type AclFlags, accessControlOf, addAclFlags } from "../../service/acl-flags.ts";
import { userDocument } from "../../service/document.ts";
import { hideUser, openHome } from "../../service/face.ts";
import { addNewPassword, type NewPasswordFlags, newPassword } from "../../service/new-password.ts";
import { printUser } from "../../service/result.ts";

type Flags = AclFlags & NewPasswordFlags & { readonly username: string; readonly json?: true };

const examples = `
Prints the user's URI, password included. Without lists the user may do what the service allows.

Examples:
  redoubt service user-create my-redis --username app
  redoubt service user-create my-redis --username reader --redis-acl-categories '+@read' --redis-acl-keys 'cache:*'`;

/** Adds `redoubt service user-create`. */
export function addServiceUserCreate(service: Command, invocation: Invocation): void {
  const command = service
    .command("user-create <name>")
    .description("Create a user, with a password that is made up.")
    .requiredOption("--username <user>", "its name")
    .option("--json", "print one JSON document");
  addNewPassword(addAclFlags(command))
    .addHelpText("after", examples)
    .action(async (name: string, flags: Flags) => {
      const services = await openHome(invocation);
      const accessControl = accessControlOf({ ...flags });
      const password = await newPassword(flags, invocation);
      const user = await services.userCreate(name, flags.username, {
        ...(password !== undefined && { password }),
        ...(accessControl !== undefined && { accessControl }),
      });
      hideUser(user, invocation);
      if (flags.json) invocation.output.json(userDocument(user, true));
      else await printUser(name, user, services, invocation);
      invocation.exitCode = exitCodes.ok;
    });
}

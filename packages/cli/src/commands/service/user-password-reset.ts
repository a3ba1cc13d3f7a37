import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { userDocument } from "../../service/document.ts";
import { hideUser, openHome } from "../../service/face.ts";
import { addNewPassword, type NewPasswordFlags, newPassword } from "../../service/new-password.ts";
import { printUser } from "../../service/result.ts";

type Flags = NewPasswordFlags & { readonly username: string; readonly json?: true };

const examples = `
Prints the user's URI with its new password.

Examples:
  redoubt service user-password-reset my-redis --username app
  redoubt service user-password-reset my-redis --username app --new-password-stdin < password.txt`;

/** Adds `redoubt service user-password-reset`. */
export function addServiceUserPasswordReset(service: Command, invocation: Invocation): void {
  const command = service
    .command("user-password-reset <name>")
    .description("Give a user another password.")
    .requiredOption("--username <user>", "its name")
    .option("--json", "print one JSON document");
  addNewPassword(command)
    .addHelpText("after", examples)
    .action(async (name: string, flags: Flags) => {
      const services = await openHome(invocation);
      const password = await newPassword(flags, invocation);
      const user = hideUser(await services.userPasswordReset(name, flags.username, password), invocation);
      if (flags.json) invocation.output.json(userDocument(user, true));
      else await printUser(name, user, services, invocation);
      invocation.exitCode = exitCodes.ok;
    });
}

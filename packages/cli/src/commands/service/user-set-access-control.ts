import { RedoubtError } from "@redoubt/client";
import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { type AclFlags, accessControlOf, addAclFlags } from "../../service/acl-flags.ts";
import { userColumns, userDocument } from "../../service/document.ts";
import { hideUser, openHome } from "../../service/face.ts";
import { addTableFlags, printItems, type TableFlags } from "../../service/table.ts";

type Flags = AclFlags & TableFlags & { readonly username: string };

/** Adds `redoubt service user-set-access-control`. */
export function addServiceUserSetAccessControl(service: Command, invocation: Invocation): void {
  const command = service
    .command("user-set-access-control <name>")
    .description("Say anew what a user may do; lists that are not given have their defaults.")
    .requiredOption("--username <user>", "its name");
  addTableFlags(addAclFlags(command)).action(async (name: string, flags: Flags) => {
    const access = accessControlOf({ ...flags });
    if (access === undefined)
      throw new RedoubtError("CONFIG_MISSING", "None of the four lists was given.", {
        hint: "Give --redis-acl-keys, --redis-acl-commands, --redis-acl-categories or --redis-acl-channels.",
      });
    const services = await openHome(invocation);
    const user = hideUser(await services.userSetAccessControl(name, flags.username, access), invocation);
    printItems([userDocument(user, false)], userColumns, flags, invocation.output, { one: true });
    invocation.exitCode = exitCodes.ok;
  });
}

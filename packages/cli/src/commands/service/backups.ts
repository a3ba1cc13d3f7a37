import type { Backup } from "@redoubt/services";
import type { Command } from "commander";
import { duration } from "../../duration.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome, waiting } from "../../service/face.ts";
import { addTableFlags, printItems, type TableFlags } from "../../service/table.ts";

const table = ["backup_name", "backup_time", "data_size", "storage_location"];

const documentOf = ({ name, time, size, location, reason }: Backup) => ({
  backup_name: name,
  backup_time: time,
  data_size: size,
  storage_location: location,
  reason,
});

/** Adds `redoubt service backup-list` and `backup-now`. */
export function addServiceBackups(service: Command, invocation: Invocation): void {
  const list = service.command("backup-list <name>").description("List backups, sizes in bytes.");
  addTableFlags(list).action(async (name: string, flags: TableFlags) => {
    const services = await openHome(invocation);
    const backups = await services.backupList(name);
    printItems(backups.map(documentOf), table, flags, invocation.output);
    invocation.exitCode = exitCodes.ok;
  });
  const now = service
    .command("backup-now <name>")
    .description("Take a backup.")
    .option("--timeout <time>", "how long it may take: 90s", duration("--timeout"));
  addTableFlags(now).action(async (name: string, flags: TableFlags & { readonly timeout?: number }) => {
    const services = await openHome(invocation);
    const backup = await services.backupNow(name, waiting(invocation, flags.timeout));
    printItems([documentOf(backup)], table, flags, invocation.output, { one: true });
    invocation.exitCode = exitCodes.ok;
  });
}

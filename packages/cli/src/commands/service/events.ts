import type { ServiceEvent } from "@redoubt/services";
import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome } from "../../service/face.ts";
import { count } from "../../service/flags.ts";
import { addTableFlags, printItems, type TableFlags } from "../../service/table.ts";

function changeText({ key, from, to }: ServiceEvent["changes"][number]): string {
  const shown = (value: unknown) =>
    value === null || value === undefined ? "default" : JSON.stringify(value);
  return `${key}: ${shown(from)} -> ${shown(to)}`;
}

/** Adds `redoubt service events`: who changed what. */
export function addServiceEvents(service: Command, invocation: Invocation): void {
  const command = service
    .command("events [name]")
    .description("Show who changed what, the newest first; of all services, also of those that are gone.")
    .option("-n, --limit <n>", "how many", count("--limit"), 100);
  addTableFlags(command).action(
    async (name: string | undefined, flags: TableFlags & { readonly limit: number }) => {
      const services = await openHome(invocation);
      const events = await services.events(name, flags.limit);
      const items = events.map(({ time, actor, type, service: of, description, changes }) => ({
        time,
        actor,
        event_type: type,
        service_name: of,
        event_desc: [description, ...changes.map(changeText)].join(" "),
        changes,
      }));
      printItems(
        items,
        ["time", "actor", "event_type", "service_name", "event_desc"],
        flags,
        invocation.output,
      );
      invocation.exitCode = exitCodes.ok;
    },
  );
}

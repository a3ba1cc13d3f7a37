import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { serviceColumns, serviceDetails, serviceDocument } from "../../service/document.ts";
import { hideService, openHome } from "../../service/face.ts";
import { addTableFlags, printItems, type TableFlags } from "../../service/table.ts";

/** Adds `redoubt service get`. */
export function addServiceGet(service: Command, invocation: Invocation): void {
  const { output } = invocation;
  const command = service
    .command("get <name>")
    .description("Show a service; with -v its URI, options, nodes and clients.")
    .option("--reveal", "show passwords");
  addTableFlags(command, { details: true }).action(
    async (name: string, flags: TableFlags & { readonly reveal?: true }) => {
      const services = await openHome(invocation);
      const found = hideService(await services.get(name), invocation);
      for (const notice of found.notifications) output.note(output.paintTalk("warn", output.foreign(notice)));
      const item = serviceDocument(found, flags.reveal === true);
      printItems([item], serviceColumns, flags, output, { one: true, details: serviceDetails });
      if (flags.verbose && !flags.json && flags.format === undefined) {
        output.line();
        const nodes = item["node_states"] as readonly Record<string, unknown>[];
        printItems(nodes, ["name", "role", "state", "port", "pid", "restarts"], {}, output);
        const simulated = found.simulations.map(({ kind, since, facts }) => ({ kind, since, ...facts }));
        if (simulated.length > 0) {
          output.line();
          printItems(simulated, ["kind", "since", "uri"], {}, output);
        }
      }
      invocation.exitCode = exitCodes.ok;
    },
  );
}

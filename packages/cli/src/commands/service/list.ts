import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { serviceColumns, serviceDetails, serviceDocument } from "../../service/document.ts";
import { hideService, loadServices, openHome } from "../../service/face.ts";
import { addTableFlags, printItems, type TableFlags } from "../../service/table.ts";

interface ListFlags extends TableFlags {
  readonly serviceType?: string;
  readonly reveal?: true;
}

/** Adds `redoubt service list`. */
export function addServiceList(service: Command, invocation: Invocation): void {
  const command = service
    .command("list [name...]")
    .description("List services, all or those that are named.")
    .option("-t, --service-type <type>", "only of this type: redis, valkey")
    .option("--reveal", "show passwords");
  addTableFlags(command, { details: true }).action(async (names: string[], flags: ListFlags) => {
    const services = await openHome(invocation);
    const { typeAndPlan } = await loadServices();
    const only = flags.serviceType === undefined ? undefined : typeAndPlan(flags.serviceType, undefined).type;
    const found = await services.list(names.length === 0 ? undefined : names);
    const items = found
      .filter(({ type }) => only === undefined || type === only)
      .map((one) => serviceDocument(hideService(one, invocation), flags.reveal === true));
    printItems(items, serviceColumns, flags, invocation.output, { details: serviceDetails });
    // One that there is not is told, after those that there are.
    for (const name of names) if (!found.some((one) => one.name === name)) await services.get(name);
    invocation.exitCode = exitCodes.ok;
  });
}

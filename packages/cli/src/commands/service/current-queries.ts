import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome } from "../../service/face.ts";
import { addTableFlags, printItems, type TableFlags } from "../../service/table.ts";

const table = ["pid", "query", "query_duration", "client_addr", "application_name", "username", "route"];

/** Adds `redoubt service current-queries`: who is connected, and what each did last. */
export function addServiceCurrentQueries(service: Command, invocation: Invocation): void {
  const command = service
    .command("current-queries <name>")
    .description("List clients that are connected, and the command that each sent last.");
  addTableFlags(command, { details: true }).action(async (name: string, flags: TableFlags) => {
    const services = await openHome(invocation);
    const queries = await services.currentQueries(name);
    const items = queries.map(
      ({ id, query, idle, address, name: called, user, route, age, database, node }) => ({
        pid: id,
        query,
        query_duration: idle,
        client_addr: address,
        application_name: called,
        username: user,
        route,
        age,
        database,
        node,
      }),
    );
    printItems(items, table, flags, invocation.output, { details: ["age", "database", "node"] });
    invocation.exitCode = exitCodes.ok;
  });
}

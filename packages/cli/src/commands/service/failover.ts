import type { Command } from "commander";
import { duration } from "../../duration.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome, waiting } from "../../service/face.ts";

/** Adds `redoubt service failover`. */
export function addServiceFailover(service: Command, invocation: Invocation): void {
  service
    .command("failover <name>")
    .description("Make a replica the primary, now; for plans with replicas.")
    .option("--timeout <time>", "how long it may take: 90s", duration("--timeout"))
    .action(async (name: string, { timeout }: { readonly timeout?: number }) => {
      const services = await openHome(invocation);
      const { nodes } = await services.failover(name, waiting(invocation, timeout));
      const primary = nodes.find(({ role }) => role === "primary");
      invocation.output.line(primary?.name ?? "");
      invocation.exitCode = exitCodes.ok;
    });
}

import type { Command } from "commander";
import type { Invocation } from "../../invocation.ts";
import { loadServices } from "../../service/face.ts";
import { addTableFlags, printItems, type TableFlags } from "../../service/table.ts";

/** Adds `redoubt service plans`. */
export function addServicePlans(service: Command, { output }: Invocation): void {
  const command = service
    .command("plans")
    .description("List sizes of services: nodes, memory, limits, backups.")
    .option("-t, --service-type <type>", "only of this type: redis, valkey");
  addTableFlags(command).action(
    async ({ serviceType, ...flags }: TableFlags & { readonly serviceType?: string }) => {
      const { plans, serviceTypeNames, typeAndPlan } = await loadServices();
      const types = serviceType === undefined ? serviceTypeNames : [typeAndPlan(serviceType, undefined).type];
      const items = types.flatMap((type) =>
        plans.map((plan) => ({
          plan: `${type}:${plan.name}`,
          service_type: type,
          service_plan: plan.name,
          topology: plan.topology,
          node_count: plan.nodes,
          sentinel_count: plan.sentinels,
          node_memory_mb: plan.memory / 1024 / 1024,
          maxmemory_mb: Math.floor(plan.maxMemory / 1024 / 1024),
          max_connections: plan.connections,
          backup_days: plan.backupDays,
          description: plan.description,
        })),
      );
      printItems(items, ["plan", "description", "maxmemory_mb", "max_connections"], flags, output);
    },
  );
}

import { backupsModule } from "../backups/backups-module.ts";
import type { MakeModule } from "../contract/module.ts";
import { logsModule } from "../logs/logs-module.ts";
import { metricsModule } from "../metrics/metrics-module.ts";
import { simulateModule } from "../simulate/simulate-module.ts";

/** What keepers do beside keeping servers. */
export const modules: readonly MakeModule[] = [backupsModule, metricsModule, logsModule, simulateModule];

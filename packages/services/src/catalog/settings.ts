import type { UserConfig } from "../contract/service.ts";
import type { Settings } from "../contract/settings.ts";
import { networksOf } from "./network.ts";
import { effectiveConfig, optionTables } from "./option-table.ts";
import type { Plan } from "./plans.ts";
import { type ServiceTypeName, serviceTypes } from "./service-types.ts";

/** A directive of redis.conf with its arguments. */
type Line = Settings["directives"][number];

/** Everybody: what `ip_filter` is where it is not set. */
const everywhere: readonly string[] = ["0.0.0.0/0", "::/0"];

/**
 * What type, plan and `user_config` come to, all defaults filled in. Expects a `user_config` that was held to the table.
 */
export function settingsOf(type: ServiceTypeName, plan: Plan, config: UserConfig): Settings {
  const all = effectiveConfig(type, config);
  const own = (name: string): unknown => all[`${serviceTypes[type].prefix}${name}`] ?? null;
  const directives: Line[] = planDirectives(plan);
  const restarting: string[] = [];
  for (const [name, { effect }] of optionTables[type]) {
    const value = all[name];
    if (effect.by !== "directive" || value === undefined) continue;
    directives.push([effect.directive, ...effect.args(value, all)]);
    if (!effect.live) restarting.push(effect.directive);
  }
  const networks = networksOf(all["ip_filter"] as readonly unknown[]);
  return {
    tls: own("ssl") === true,
    directives,
    restarting,
    persistence: own("persistence") === "off" ? "off" : "rdb",
    channelsDefault: own("acl_channels_default") === "resetchannels" ? "resetchannels" : "allchannels",
    allowedNetworks: everywhere.every((network) => networks.includes(network)) ? null : networks,
    backupHour: (all["backup_hour"] ?? null) as number | null,
    backupMinute: (all["backup_minute"] ?? null) as number | null,
    keepsLogs: all["service_log"] !== false,
  };
}

function planDirectives({ maxMemory, connections, backlog }: Plan): Line[] {
  return [
    ["maxmemory", String(maxMemory)],
    ["maxclients", String(connections)],
    ["repl-backlog-size", String(backlog)],
  ];
}

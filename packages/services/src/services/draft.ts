import { RedoubtError } from "@redoubt/client";
import { madeUpPassword } from "@redoubt/server/launch";
import { checkConfig } from "../catalog/option-check.ts";
import { type Plan, typeAndPlan } from "../catalog/plans.ts";
import { settingsOf } from "../catalog/settings.ts";
import type { CreateOptions } from "../contract/options.ts";
import type { Maintenance, Route } from "../contract/service.ts";
import type { NodeRecord, ServiceRecord } from "../state/record.ts";
import { operatorName } from "../users/rules.ts";
import { checkFilter, checkIdle, checkMaintenance, checkRoute, checkTags } from "./checks.ts";
import { choosePorts } from "./ports.ts";
import { checkVersion } from "./version.ts";

/** As the terminator of the original had it: 12 hours, ms. */
const defaultIdle = 43_200_000;
/** Sunday night, as most services begin with. */
const defaultMaintenance: Maintenance = { dayOfWeek: "sunday", time: "03:00:00" };

/**
 * What a new service is to be, with everything made up that has to be.
 * @param taken ports of other services
 * @throws RedoubtError of the family `CONFIG_`, naming the option
 */
export async function draftRecord(
  name: string,
  options: CreateOptions,
  taken: ReadonlySet<number>,
  actor: string,
): Promise<ServiceRecord> {
  const { type, plan } = typeAndPlan(options.type, options.plan);
  const userConfig = options.userConfig ?? {};
  checkConfig(type, userConfig, "create");
  const settings = settingsOf(type, plan, userConfig);
  const route = options.route ?? defaultRoute(plan);
  checkRoute(route, plan);
  checkFilter(route, settings);
  await checkVersion(type, userConfig);
  const now = new Date().toISOString();
  const [tls = 0, plain = 0, ...ports] = await choosePorts(2 + 3 * (plan.nodes + plan.sentinels), taken);
  return {
    format: 1,
    name,
    type,
    plan: plan.name,
    revision: 1,
    created: now,
    updated: now,
    power: "on",
    route,
    idle: checkIdle(options.idle ?? defaultIdle),
    policy: { commands: options.policy?.commands ?? "managed", scripts: options.policy?.scripts ?? true },
    userConfig,
    users: [{ username: "default", password: madeUpPassword(), access: null }],
    operator: { username: operatorName, password: madeUpPassword() },
    nodes: nodesOf(type, plan, ports),
    ports: { tls, plain },
    wasPlain: !settings.tls,
    plain: settings.tls ? null : { since: now, by: actor },
    certificate: 1,
    tags: checkTags(options.tags ?? {}),
    terminationProtection: options.terminationProtection ?? false,
    maintenance: checkMaintenance(options.maintenance ?? defaultMaintenance),
    terminating: false,
  };
}

/** Nodes of a cluster are dialled themselves. */
function defaultRoute({ topology }: Plan): Route {
  return topology === "cluster" ? "direct" : "terminator";
}

function nodesOf(type: string, { nodes, sentinels }: Plan, ports: readonly number[]): NodeRecord[] {
  const kinds = [
    ...Array.from({ length: nodes }, (_, at) => ({ name: `${type}-${at + 1}`, kind: "data" as const })),
    ...Array.from({ length: sentinels }, (_, at) => ({
      name: `sentinel-${at + 1}`,
      kind: "sentinel" as const,
    })),
  ];
  return kinds.map((one, at) => {
    const [port, plainPort, busPort] = ports.slice(at * 3, at * 3 + 3);
    if (port === undefined || plainPort === undefined || busPort === undefined)
      throw new RedoubtError("SERVICE_FAILED", "There are not enough ports");
    return { ...one, port, plainPort, busPort };
  });
}

import { RedoubtError } from "@redoubt/client";
import { changedConfig } from "../catalog/assignment.ts";
import { publicConfig } from "../catalog/option-table.ts";
import { planNamed } from "../catalog/plans.ts";
import { settingsOf } from "../catalog/settings.ts";
import type { UpdateOptions, UpdatePreview } from "../contract/options.ts";
import type { UserConfig } from "../contract/service.ts";
import { withoutSecrets } from "../state/events.ts";
import type { ServiceRecord } from "../state/record.ts";
import { checkFilter, checkIdle, checkMaintenance, checkRoute } from "./checks.ts";
import { checkVersion } from "./version.ts";
import { addressOf, type ClientCounts, defaultUser, uriOf } from "./view.ts";

/**
 * What a service is to be after an update.
 * @throws RedoubtError `SERVICE_CHANGED`, `SERVICE_UNFIT`, and of the family `CONFIG_` naming the option
 */
export async function updated(
  record: ServiceRecord,
  options: UpdateOptions,
  actor: string,
): Promise<ServiceRecord> {
  if (options.revision !== undefined && options.revision !== record.revision)
    throw new RedoubtError(
      "SERVICE_CHANGED",
      `The service ${record.name} has revision ${record.revision} by now; the change was prepared from revision ${options.revision}`,
    );
  const plan = planNamed(options.plan ?? record.plan);
  checkPlan(record, options.plan);
  const userConfig = configAfter(record, options);
  const route = options.route ?? record.route;
  checkRoute(route, plan);
  const settings = settingsOf(record.type, plan, userConfig);
  checkFilter(route, settings);
  await checkVersion(record.type, userConfig);
  const { tls } = settings;
  return {
    ...record,
    plan: plan.name,
    route,
    userConfig,
    idle: options.idle === undefined ? record.idle : checkIdle(options.idle),
    policy: { ...record.policy, ...options.policy },
    terminationProtection: options.terminationProtection ?? record.terminationProtection,
    maintenance:
      options.maintenance === undefined ? record.maintenance : checkMaintenance(options.maintenance),
    wasPlain: record.wasPlain || !tls,
    plain: tls ? null : (record.plain ?? { since: new Date().toISOString(), by: actor }),
  };
}

/** Options that were set and not removed again. @throws RedoubtError of the family `CONFIG_` */
function configAfter({ type, userConfig }: ServiceRecord, options: UpdateOptions): UserConfig {
  const removed = Object.fromEntries((options.removeOptions ?? []).map((key) => [key, null]));
  return changedConfig(type, userConfig, { ...options.userConfig, ...removed }, "update");
}

/** Servers are neither added nor taken away: their data would have to move. */
function checkPlan(record: ServiceRecord, wanted: string | undefined): void {
  if (wanted === undefined) return;
  const [from, to] = [planNamed(record.plan), planNamed(wanted)];
  if (from.topology === to.topology && from.nodes === to.nodes && from.sentinels === to.sentinels) return;
  throw new RedoubtError(
    "SERVICE_UNFIT",
    `${record.name} cannot become ${to.name}: it has ${from.description}`,
    {
      hint: `Fork it into a new service of that plan: redoubt service create NEW -p ${to.name} --service-to-fork-from ${record.name}.`,
    },
  );
}

/** What differs between two records, for people and events. Nothing of it is secret. */
export function differences(before: ServiceRecord, after: ServiceRecord): UpdatePreview["changes"] {
  const [was, is] = [flat(before), flat(after)];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return keys
    .filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]))
    .map((key) => withoutSecrets({ key, from: was[key], to: is[key] }));
}

function flat(record: ServiceRecord): Record<string, unknown> {
  const { plan, route, idle, policy, terminationProtection, maintenance, power, userConfig, tags } = record;
  const own = { plan, route, idle, policy, terminationProtection, maintenance, power };
  const tagged = Object.entries(tags).map(([key, value]) => [`tag ${key}`, value]);
  return { ...own, ...publicConfig(record.type, userConfig), ...Object.fromEntries(tagged) };
}

/** What an update would do. */
export function previewOf(
  before: ServiceRecord,
  after: ServiceRecord,
  primary: string | null,
  clients: ClientCounts,
): UpdatePreview {
  const [from, to] = [before, after].map((record) => {
    const { port, tls, ...rest } = addressOf(record, primary);
    return { port, tls, uri: uriOf({ port, tls, ...rest }, defaultUser(record)) };
  }) as [UpdatePreview["from"], UpdatePreview["to"]];
  return {
    from,
    to,
    changes: differences(before, after),
    clients,
    restarts: restartsFor(before, after),
    warnings: warningsOf(from, to, clients),
  };
}

function restartsFor(before: ServiceRecord, after: ServiceRecord): boolean {
  const [was, is] = [before, after].map(({ type, plan, userConfig }) =>
    settingsOf(type, planNamed(plan), userConfig),
  ) as [ReturnType<typeof settingsOf>, ReturnType<typeof settingsOf>];
  const linesOf = ({ directives }: typeof was) =>
    new Map(directives.map(([name, ...args]) => [name, args.join(" ")]));
  const [old, now] = [linesOf(was), linesOf(is)];
  return (
    is.restarting.some((name) => old.get(name) !== now.get(name)) ||
    [...old.keys()].some((name) => !now.has(name))
  );
}

function warningsOf(from: UpdatePreview["from"], to: UpdatePreview["to"], clients: ClientCounts): string[] {
  const connected = clients.terminator + clients.direct + clients.plain;
  const warnings: string[] = [];
  if (from.tls && !to.tls)
    warnings.push(
      "Without TLS everybody between client and server reads the password, every command and every value, and can change them.",
    );
  if (from.port !== to.port && connected > 0)
    warnings.push(
      `${connected} client${connected === 1 ? " is" : "s are"} connected by ${from.tls ? "TLS" : "plain text"} now: the connections are closed, and whoever comes to port ${from.port} is told the new address.`,
    );
  return warnings;
}

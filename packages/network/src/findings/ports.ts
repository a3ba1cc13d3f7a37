import type { FlowVerdict } from "../judge/flow.ts";
import { subnetSpace } from "../judge/injected.ts";
import type { Judgement } from "../judge/judge.ts";
import type { Step } from "../judge/verdict.ts";
import { sameId } from "../model/resource-id.ts";
import { tagKey } from "../tables/tags.ts";
import { type Finding, finding, fix } from "./finding.ts";
import { allowFix, Priorities } from "./rule-fix.ts";
import type { FindingId, Severity } from "./table.ts";

interface Blocked {
  readonly id: FindingId;
  readonly step: Step;
  readonly flows: FlowVerdict[];
}

/** What network security groups block: one finding for each rule that stands in the way, and each kind of remote. */
export function portFindings(judgement: Judgement): Finding[] {
  const priorities = new Priorities(judgement.lookup.network.nsgs);
  return judgement.caches.flatMap(({ cache, flows }) => {
    const found = new Map<string, Blocked>();
    for (const verdict of flows)
      for (const step of verdict.steps) {
        if (step.kind !== "nsg" || step.verdict !== "denied") continue;
        const id = idOf(verdict);
        const key = [id, verdict.flow.remoteName, step.resource, step.rule].join(" ");
        const blocked = found.get(key) ?? { id, step, flows: [] };
        blocked.flows.push(verdict);
        found.set(key, blocked);
      }
    return [...found.values()].map((blocked) =>
      blockedFinding(blocked, cache.name, flows, judgement, priorities),
    );
  });
}

function idOf({ flow }: FlowVerdict): FindingId {
  switch (flow.remote) {
    case "internet":
      return flow.row === "out-01" && flow.ports.from === 80
        ? "certificate-check-blocked"
        : "dependency-blocked";
    case "service":
      return "dependency-blocked";
    case "nodes":
      return "nodes-blocked";
    case "client":
      return "clients-blocked";
    case "geo-peer":
      return "geo-replication-blocked";
    case "load balancer":
      return "balancer-blocked";
    case "platform dns":
      return "dns-blocked";
    case "custom dns":
      return "custom-dns-blocked";
  }
}

function blockedFinding(
  { id, step, flows }: Blocked,
  cache: string,
  all: readonly FlowVerdict[],
  { lookup }: Judgement,
  priorities: Priorities,
): Finding {
  const [{ flow }] = flows as [FlowVerdict, ...FlowVerdict[]];
  const nsg = lookup.network.nsgs.find((one) => sameId(one.id, step.resource));
  const ports = [...new Set(flows.map((one) => `${one.flow.protocol.toUpperCase()} ${portText(one)}`))].join(
    ", ",
  );
  const way = flow.direction === "Outbound" ? `to ${flow.remoteName}` : `from ${flow.remoteName}`;
  const part = flows.every(({ steps }) => steps.some((one) => one.rule === step.rule && one.partly))
    ? "in part "
    : "";
  const message = `${ports} ${way} is ${part}denied in ${step.at}: ${step.says}.`;
  // A group at the other end sees the flow the other way round.
  const home = flow.cache.subnetId;
  const isOwn =
    nsg !== undefined &&
    home !== null &&
    sameId(lookup.nsgOf(home) === null ? null : nsg.id, ownGroup(home, lookup));
  const direction = isOwn === (flow.direction === "Outbound") ? "Outbound" : "Inbound";
  const near = home === null ? flow.remoteSpace : subnetSpace(home, lookup);
  const [local, remote] = isOwn ? [near, flow.remoteSpace] : [flow.remoteSpace, near];
  const slug = flow.remoteName.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const fixes =
    nsg === undefined || step.rule === null || home === null
      ? [fix("Let these ports through in the group of that subnet.")]
      : allowFix(
          nsg,
          step.rule,
          direction,
          flows,
          local,
          remote,
          `redis-allow-${slug}-${flow.row}`,
          priorities,
        );
  return finding(id, message, {
    cache,
    resource: step.resource,
    severity: severityOf(flows, all),
    fixes: [
      ...fixes,
      fix(
        "Then reboot all nodes of the cache, so that the change takes effect.",
        rebootCommand(flow.cache.id),
      ),
    ],
    flows: flows.map((one) => one.flow.id),
  });
}

function ownGroup(home: string, lookup: Judgement["lookup"]): string | null {
  const group = lookup.nsgOf(home);
  return group !== null && "id" in group ? group.id : null;
}

function portText({ flow: { ports } }: FlowVerdict): string {
  return ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`;
}

/** What a cache can do without is a warning; so is a subnet that was only taken for one with clients, while others get through. */
function severityOf(flows: readonly FlowVerdict[], all: readonly FlowVerdict[]): Severity {
  if (flows.every(({ flow }) => flow.optional))
    return flows[0]?.flow.remote === "client" ? "info" : "warning";
  if (!flows.every(({ flow }) => flow.guessed)) return "error";
  const rows = new Set(flows.map(({ flow }) => flow.row));
  const others = all.filter(
    ({ flow, verdict }) => flow.remote === "client" && rows.has(flow.row) && verdict === "allowed",
  );
  return others.length > 0 ? "warning" : "error";
}

/** Every node at once: a node that cannot reach what it needs does not come back. */
export function rebootCommand(cacheId: string): string {
  return `az redis force-reboot --ids ${cacheId} --reboot-type AllNodes`;
}

/** A rule that names Storage of a region: a cache needs that of others, too. */
export function storageFindings({ caches, lookup }: Judgement): Finding[] {
  return caches.flatMap(({ cache }) => {
    const group = cache.subnetId === null ? null : lookup.nsgOf(cache.subnetId);
    if (group === null || !("id" in group)) return [];
    const regional = group.rules.filter(
      ({ direction, access, destinations }) =>
        direction === "Outbound" &&
        access === "Allow" &&
        destinations.some((text) => tagKey(text).startsWith("storage.")),
    );
    return regional.map((rule) =>
      finding(
        "storage-one-region",
        `Rule ${rule.name} of ${group.name} lets ${rule.destinations.join(", ")} out; a cache needs Storage in other regions as well.`,
        {
          cache: cache.name,
          resource: group.id,
          fixes: [
            fix(
              "Name Storage without a region.",
              `az network nsg rule update --ids ${group.id}/securityRules/${rule.name} --destination-address-prefixes Storage`,
              "destinationAddressPrefix: 'Storage'",
            ),
          ],
        },
      ),
    );
  });
}

import type { CacheJudgement, Judgement } from "../judge/judge.ts";
import { routingOf } from "../judge/routes.ts";
import type { Step } from "../judge/verdict.ts";
import { parsePrefix, prefixesSet, prefixSet, publicAddresses } from "../model/address.ts";
import { resourceId, subnetName } from "../model/resource-id.ts";
import type { Route } from "../model/route.ts";
import { planRoutes } from "../plan/routes.ts";
import { routesCommands, routeTableBicep } from "../plan/write.ts";
import { type Finding, type Fix, finding, fix } from "./finding.ts";
import { rebootCommand } from "./ports.ts";
import type { FindingId } from "./table.ts";

const signs: readonly FindingId[] = [
  "forced-tunnelling",
  "no-way-out",
  "firewall-on-the-way",
  "route-astray",
  "route-asymmetric",
];

/** What routes do to flows, and to routes of a user that are too broad. */
export function routeFindings(judgement: Judgement): Finding[] {
  return judgement.caches.flatMap((one) => [
    ...signFindings(one, judgement),
    ...broadFindings(one, judgement),
  ]);
}

function signFindings({ cache, flows }: CacheJudgement, judgement: Judgement): Finding[] {
  return signs.flatMap((id) => {
    const places = new Map<string, { step: Step; flows: string[] }>();
    for (const { flow, steps } of flows)
      for (const step of steps) {
        if (!step.signs.includes(id)) continue;
        const key = `${step.at} ${step.rule}`;
        const place = places.get(key) ?? { step, flows: [] };
        place.flows.push(flow.id);
        places.set(key, place);
      }
    return [...places.values()].map(({ step, flows: ids }) =>
      finding(id, `In ${step.at}: ${step.says}. ${ids.length} flows take that way.`, {
        cache: cache.name,
        resource: step.resource ?? cache.subnetId,
        fixes: fixesOf(id, step, cache.id, cache.subnetId ?? "", judgement),
        flows: [...new Set(ids)],
        // Traffic that on-premises sends on is slow, and works.
        ...(id === "forced-tunnelling" && step.verdict === "allowed" ? { severity: "warning" as const } : {}),
      }),
    );
  });
}

function fixesOf(id: FindingId, step: Step, cacheId: string, subnetId: string, { lookup }: Judgement): Fix[] {
  const table =
    step.resource === null ? "redis-routes" : (resourceId(step.resource).names.at(-1) ?? "redis-routes");
  const group = resourceId(step.resource ?? subnetId).resourceGroup ?? "GROUP";
  switch (id) {
    case "forced-tunnelling":
    case "no-way-out": {
      const learned = routingOf(subnetId, lookup).routes.filter(({ source }) => source === "Gateway");
      const { routes } = planRoutes(
        learned.map(({ prefix }) => prefix).filter((prefix) => prefixSet(prefix) !== null),
      );
      const create = step.resource === null ? [`az network route-table create -g ${group} -n ${table}`] : [];
      const attach =
        step.resource === null
          ? [`az network vnet subnet update --ids ${subnetId} --route-table ${table}`]
          : [];
      const commands = [...create, ...routesCommands(routes, group, table), ...attach];
      return [
        fix(
          "Route the internet directly from this subnet.",
          commands.join("\n"),
          routeTableBicep(routes, table),
        ),
        fix("Then reboot all nodes of the cache.", rebootCommand(cacheId)),
      ];
    }
    case "firewall-on-the-way":
      return [
        fix(
          "Let the firewall pass every host that the cache depends on, with source address translation; or route 0.0.0.0/0 of this subnet to Internet.",
        ),
      ];
    default:
      return step.rule === null || step.resource === null
        ? [fix("Remove the route that covers a prefix of the own networks.")]
        : [
            fix(
              "Remove the route, or make it shorter than the prefix of the subnet, so that the network's own route wins.",
              `az network route-table route delete --ids ${step.resource}/routes/${step.rule}`,
            ),
          ];
  }
}

/** A route for everything to the internet, and longer learned prefixes that win over it. */
function broadFindings({ cache }: CacheJudgement, { lookup }: Judgement): Finding[] {
  if (cache.subnetId === null) return [];
  const { routes, tableId } = routingOf(cache.subnetId, lookup);
  const everything = routes.find(
    ({ prefix, source, nextHop }) => prefix === "0.0.0.0/0" && source === "User" && nextHop === "Internet",
  );
  const longer = routes.filter((route) => isLearnedPublic(route, routes));
  if (longer.length === 0) return [];
  const prefixes = longer.map(({ prefix }) => prefix);
  const shown = `${prefixes.slice(0, 3).join(", ")}${prefixes.length > 3 ? ` and ${prefixes.length - 3} more` : ""}`;
  const parts = { cache: cache.name, resource: tableId ?? cache.subnetId };
  const { routes: planned } = planRoutes(prefixes);
  const table = tableId === null ? "redis-routes" : (resourceId(tableId).names.at(-1) ?? "redis-routes");
  const commands = routesCommands(
    planned.slice(1),
    resourceId(cache.subnetId).resourceGroup ?? "GROUP",
    table,
  );
  // Microsoft peering advertises hundreds of public prefixes; a company has but a few of its own.
  if (longer.length > 4)
    return [
      finding(
        "microsoft-peering-leak",
        `The gateway has learned ${longer.length} public prefixes (${shown}): they look like those of Microsoft peering, advertised on the private path.`,
        {
          ...parts,
          fixes: [
            fix(
              "Stop advertising the routes of Microsoft peering on the path of private peering; a cache is not supported with it.",
            ),
          ],
        },
      ),
    ];
  return everything === undefined
    ? []
    : [
        finding(
          "route-too-broad",
          `0.0.0.0/0 to Internet in ${subnetName(cache.subnetId)} loses against ${shown}, which the gateway has learned.`,
          {
            ...parts,
            fixes: [
              fix(
                "Add a route of the same length for each.",
                commands.join("\n"),
                routeTableBicep(planned, table),
              ),
            ],
          },
        ),
      ];
}

/** A public prefix that a gateway learned and that no route of the user answers in full. */
function isLearnedPublic(route: Route, routes: readonly Route[]): boolean {
  if (route.source !== "Gateway" || route.prefix === "0.0.0.0/0") return false;
  const set = prefixSet(route.prefix);
  const length = lengthOf(route);
  if (set === null || !publicAddresses.covers(set)) return false;
  const answers = routes.filter(({ source, prefix }) => source === "User" && lengthOf({ prefix }) >= length);
  return !prefixesSet(answers.map(({ prefix }) => prefix)).covers(set);
}

function lengthOf({ prefix }: Pick<Route, "prefix">): number {
  const parsed = parsePrefix(prefix);
  return parsed === null || parsed === "ipv6" ? -1 : parsed.length;
}

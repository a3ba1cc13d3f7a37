import { prefixesSet } from "../model/address.ts";
import { portsText } from "../model/port.ts";
import { subnetName } from "../model/resource-id.ts";
import type { NextHop, Route } from "../model/route.ts";
import type { Nsg } from "../model/rule.ts";
import { platformDns } from "../tables/ports.ts";
import { platformTags, tagKey } from "../tables/tags.ts";
import { type Attached, isKnown, type Lookup } from "./lookup.ts";
import { missingResource, missingRoutes, missingTags, missingVnet } from "./missing.ts";
import type { Cell, Question } from "./nsg.ts";
import { type Leg, legsTo, type Routing, routingOf } from "./routes.ts";
import { type Space, spaceText } from "./space.ts";
import { type Missing, type Step, step, type Verdict } from "./verdict.ts";

const platform = prefixesSet(platformDns);

/** What the group of a place says of a flow. */
export function nsgStep(attached: Attached<Nsg>, subnetId: string, question: Question, lookup: Lookup): Step {
  const place = subnetName(subnetId);
  if (attached === null) return step("nsg", place, "allowed", "no network security group");
  const exempt = isExempt(question);
  if (!isKnown(attached)) {
    if (exempt) return step("nsg", place, "allowed", "Azure's own address, which groups do not filter");
    const why = "its rules decide what gets through";
    const missing =
      attached.missing === ""
        ? missingVnet(subnetId, "its subnets name their groups")
        : missingResource(attached.missing, why);
    return step("nsg", place, "cannot tell", `${missing.what} was not exported`, { missing: [missing] });
  }
  const nsg = exempt ? { ...attached, rules: attached.rules.filter(isForPlatform) } : attached;
  const filter = exempt ? undefined : lookup.filter(attached, subnetId);
  if (filter === undefined) return platformStep(nsg, question);
  return cellsStep(attached, filter.decide(question), lookup.vnetOf(subnetId)?.region ?? null);
}

/** What Azure's host serves is filtered only by rules that name its tags. */
function isExempt({ direction, remote }: Question): boolean {
  return (
    direction === "Outbound" &&
    remote.kind === "addresses" &&
    platform.covers(remote.set) &&
    !remote.set.isEmpty
  );
}

function isForPlatform({ destinations }: Nsg["rules"][number]): boolean {
  return destinations.some((text) => platformTags.has(tagKey(text)));
}

function platformStep(nsg: Nsg, { protocol }: Question): Step {
  const deny = nsg.rules
    .filter(
      (rule) =>
        rule.direction === "Outbound" &&
        ["*", protocol.toLowerCase(), "all"].includes(rule.protocol.toLowerCase()),
    )
    .toSorted((a, b) => a.priority - b.priority)
    .find(({ destinations }) => destinations.some((text) => tagKey(text) === "azureplatformdns"));
  return deny?.access === "Deny"
    ? step("nsg", nsg.name, "denied", `rule ${deny.name} (${deny.priority}) denies it`, {
        rule: deny.name,
        resource: nsg.id,
      })
    : step("nsg", nsg.name, "allowed", "Azure's own address, which ordinary rules do not filter", {
        resource: nsg.id,
      });
}

function cellsStep(nsg: Nsg, cells: readonly Cell[], region: string | null): Step {
  const of = (access: Cell["access"]) => cells.filter((cell) => cell.access === access);
  const [allowed, denied, unknown] = [of("Allow"), of("Deny"), of("unknown")];
  const verdict: Verdict = denied.length > 0 ? "denied" : unknown.length > 0 ? "cannot tell" : "allowed";
  const deciding = verdict === "denied" ? denied : verdict === "cannot tell" ? unknown : allowed;
  const partly = verdict === "denied" && denied.length < cells.length;
  const names = [...new Set(deciding.map(({ rule }) => rule.name))];
  const texts = [...new Set(deciding.map((cell) => cellText(cell, partly || cells.length > 1)))];
  return step(
    "nsg",
    nsg.name,
    verdict,
    [...texts.slice(0, 3), ...(texts.length > 3 ? ["…"] : [])].join("; "),
    {
      rule: names[0] ?? null,
      resource: nsg.id,
      partly,
      missing: verdict === "cannot tell" ? reasons(unknown, region) : [],
    },
  );
}

function cellText({ access, rule, perhaps, ports, remote }: Cell, withPart: boolean): string {
  const named = `rule ${rule.name} (${rule.priority})`;
  const part = withPart ? ` for ${spaceText(remote)}, port ${portsText(ports)}` : "";
  if (access === "unknown")
    return `${named} ${rule.access === "Allow" ? "allows" : "denies"} it unless ${perhaps
      .map(({ name, priority }) => `${name} (${priority})`)
      .join(", ")} comes first${part}`;
  return `${named} ${access === "Allow" ? "allows" : "denies"} it${part}`;
}

function reasons(cells: readonly Cell[], region: string | null): Missing[] {
  const rules = cells.flatMap(({ perhaps }) => perhaps);
  const found: Missing[] = [];
  if (rules.some(({ sourceAsgIds, destinationAsgIds }) => sourceAsgIds.length + destinationAsgIds.length > 0))
    found.push({
      what: "network interfaces with their application security groups",
      why: "a rule names a group whose members are not known",
      command: "az network nic list -o json",
    });
  if (cells.some(({ remote, local }) => [remote, local].some(({ kind }) => kind === "subnet")))
    found.push({
      what: "virtual network with its subnets",
      why: "a rule names addresses, and the prefix of the subnet is not known",
      command: "az network vnet list -o json",
    });
  const texts = rules.flatMap(({ sources, destinations }) => [...sources, ...destinations]).map(tagKey);
  if (texts.includes("virtualnetwork"))
    found.push({
      what: "rules in force, with what VirtualNetwork stands for",
      why: "gateways and routes for everything extend VirtualNetwork in ways that only Azure knows",
      command: "az network nic list-effective-nsg -g GROUP -n NIC -o json",
    });
  return found.length > 0 ? found : [missingTags(region)];
}

/** What kind of place a flow goes to: Azure's and public services, machines of the own networks, or those behind a gateway. */
export type Reach = "dependency" | "internal" | "on-premises";

/** Settings that only people know. */
export interface Assumptions {
  /** Whether on-premises sends on to the internet what is tunnelled there. Default: no. */
  readonly onPremisesForwards: boolean;
}

/** Where the routes of a subnet lead a flow. */
export function routeStep(
  subnetId: string,
  to: Space,
  reach: Reach,
  lookup: Lookup,
  assumptions: Assumptions,
): Step {
  const place = subnetName(subnetId);
  if (to.kind === "addresses" && platform.covers(to.set))
    return step("route", place, "allowed", "the host answers, whatever the routes are");
  const routing = routingOf(subnetId, lookup);
  const at = routing.tableId === null ? place : `${shortTable(routing.tableId)} in ${place}`;
  if (routing.missing !== null) {
    const missing =
      routing.missing === ""
        ? missingVnet(subnetId, "its subnets name their route tables")
        : missingResource(routing.missing, "its routes decide where packets go");
    return step("route", place, "cannot tell", `${missing.what} was not exported`, { missing: [missing] });
  }
  const legs = legsTo(to, routing.routes, lookup).map((leg) => judgeLeg(leg, reach, routing, assumptions));
  const verdict = legs.some((leg) => leg.verdict === "denied")
    ? "denied"
    : legs.some((leg) => leg.verdict === "cannot tell")
      ? "cannot tell"
      : "allowed";
  const deciding = legs.filter((leg) => leg.verdict === verdict);
  const unseen = deciding.some((leg) => leg.unseen);
  const assumed = routing.assumed === null ? "" : ` (by ${routing.assumed}, taken for this subnet's)`;
  return step(
    "route",
    at,
    verdict,
    `${[...new Set(deciding.map(({ says }) => says))].slice(0, 3).join("; ")}${assumed}`,
    {
      rule: deciding[0]?.leg.route?.name ?? null,
      resource: routing.tableId,
      partly: verdict === "denied" && deciding.length < legs.length,
      signs: [...new Set(legs.flatMap(({ signs }) => signs))],
      missing: verdict === "cannot tell" && unseen ? [missingRoutes(place)] : [],
    },
  );
}

function shortTable(id: string): string {
  return id.split("/").at(-1) ?? id;
}

interface JudgedLeg {
  readonly leg: Leg;
  readonly verdict: Verdict;
  readonly says: string;
  readonly signs: readonly string[];
  readonly unseen: boolean;
}

function judgeLeg(leg: Leg, reach: Reach, routing: Routing, assumptions: Assumptions): JudgedLeg {
  const { route, perhaps, space } = leg;
  if (space.kind === "subnet")
    return {
      leg,
      verdict: "cannot tell",
      says: "the prefix of the subnet is not known",
      signs: [],
      unseen: false,
    };
  const where = `${spaceText(space)} by ${route === null ? "no route" : routeText(route)}`;
  const [verdict, signs] = hopVerdict(route, reach, assumptions);
  const result = { leg, says: where, signs, unseen: false };
  // A learned default route would win over the system's, and only over that.
  const replaceable = route === null || route.source === "System";
  const isLocal = route !== null && ["VnetLocal", "VNetPeering"].includes(route.nextHop);
  if (routing.unseen && replaceable && !isLocal)
    return {
      ...result,
      verdict: "cannot tell",
      says: `${where}, unless a gateway has learned another`,
      unseen: true,
    };
  const others = perhaps.filter((other) => hopVerdict(other, reach, assumptions)[0] !== verdict);
  if (others.length > 0)
    return {
      ...result,
      verdict: "cannot tell",
      says: `${where}, unless it lies in ${others.map(({ prefix }) => prefix).join(", ")}`,
    };
  return { ...result, verdict };
}

function routeText({ name, prefix, nextHop, nextHopAddress, source }: Route): string {
  const via = nextHopAddress === null ? nextHop : `${nextHop} ${nextHopAddress}`;
  return source === "System" ? `the system's route ${prefix} to ${via}` : `route ${name} ${prefix} to ${via}`;
}

function hopVerdict(
  route: Route | null,
  reach: Reach,
  { onPremisesForwards }: Assumptions,
): [verdict: Verdict, signs: readonly string[]] {
  const hop: NextHop | "nothing" = route?.nextHop ?? "nothing";
  switch (hop) {
    case "VnetLocal":
      // A route of the user's may name it for addresses that the network does not have: there they end.
      if (reach !== "internal") return ["denied", [reach === "dependency" ? "no-way-out" : "route-astray"]];
      return ["allowed", []];
    case "VNetPeering":
    case "VirtualNetworkServiceEndpoint":
      return ["allowed", []];
    case "Internet":
      return reach === "dependency" ? ["allowed", []] : ["denied", ["route-astray"]];
    case "None":
    case "nothing":
      return ["denied", [reach === "dependency" ? "no-way-out" : "route-astray"]];
    case "VirtualAppliance":
      return ["cannot tell", [reach === "dependency" ? "firewall-on-the-way" : "route-asymmetric"]];
    case "VirtualNetworkGateway":
      if (reach === "on-premises") return ["allowed", []];
      if (reach === "internal") return ["cannot tell", ["route-asymmetric"]];
      return onPremisesForwards ? ["allowed", ["forced-tunnelling"]] : ["denied", ["forced-tunnelling"]];
    case "Unknown":
      return ["cannot tell", []];
  }
}

import type { Peering, Vnet } from "../model/network.ts";
import { sameId } from "../model/resource-id.ts";
import type { Lookup } from "./lookup.ts";
import { missingResource } from "./missing.ts";
import { type Step, step } from "./verdict.ts";

/** What a peering leads to: an address behind a balancer, or the nodes themselves and private endpoints. */
export interface Goal {
  /** Whether the cache has a standard load balancer, as those created with availability zones have; `null`: a private endpoint. */
  readonly standardBalancer: boolean | null;
}

/** Whether one network reaches another: the same, peered on both sides, or behind gateways. */
export function pathBetween(from: Vnet, to: Vnet, goal: Goal, lookup: Lookup): Step {
  const name = `${from.name} and ${to.name}`;
  if (sameId(from.id, to.id)) return step("peering", from.name, "allowed", "in the same virtual network");
  const there = peeringTo(from, to);
  const back = peeringTo(to, from);
  const missing = [from, to]
    .filter(({ complete }) => !complete)
    .map(({ id }) => missingResource(id, "its side of the peering is not known"));
  if (there === undefined && back === undefined) {
    if (missing.length > 0)
      return step("peering", name, "cannot tell", "peerings of one of the two networks were not exported", {
        missing,
      });
    return unpeered(from, to, name, lookup);
  }
  const bad = [
    ...sideProblems(from, there, missing.length > 0),
    ...sideProblems(to, back, missing.length > 0),
  ];
  const [first] = bad;
  if (first !== undefined)
    return step("peering", name, "denied", first.says, {
      signs: bad.map(({ sign }) => sign),
      resource: first.vnetId,
    });
  if (missing.length > 0)
    return step("peering", name, "cannot tell", "only one side of the peering is known", { missing });
  const outOfSync = [there, back].some(
    (side) =>
      side?.syncLevel !== null && side?.syncLevel !== undefined && !/^fullyinsync$/i.test(side.syncLevel),
  );
  return globally(from, to, goal, name, outOfSync ? ["peering-out-of-sync"] : []);
}

function globally(from: Vnet, to: Vnet, { standardBalancer }: Goal, name: string, signs: string[]): Step {
  if (from.region === null || to.region === null || from.region === to.region || standardBalancer === null)
    return step("peering", name, "allowed", "peered on both sides", { signs, resource: to.id });
  const regions = `peered across regions (${from.region}, ${to.region})`;
  return standardBalancer
    ? step(
        "peering",
        name,
        "allowed",
        `${regions}; the cache was created with zones, so its balancer can be reached`,
        {
          signs: [...signs, "peering-global-zoned"],
          resource: to.id,
        },
      )
    : step("peering", name, "denied", `${regions}: a basic load balancer cannot be reached that way`, {
        signs: [...signs, "peering-global"],
        resource: to.id,
      });
}

function peeringTo(from: Vnet, to: Vnet): Peering | undefined {
  return from.peerings.find(({ remoteVnetId }) => sameId(remoteVnetId, to.id));
}

interface SideProblem {
  readonly sign: string;
  readonly says: string;
  readonly vnetId: string;
}

function sideProblems(vnet: Vnet, peering: Peering | undefined, partial: boolean): SideProblem[] {
  const vnetId = vnet.id;
  if (peering === undefined)
    return partial && !vnet.complete
      ? []
      : [{ sign: "peering-one-sided", says: `${vnet.name} has no peering back`, vnetId }];
  const { name, state, allowAccess } = peering;
  const problems: SideProblem[] = [];
  if (state !== null && !/^connected$/i.test(state))
    problems.push({
      sign: "peering-not-connected",
      says: `peering ${name} of ${vnet.name} is ${state}`,
      vnetId,
    });
  if (!allowAccess)
    problems.push({
      sign: "peering-no-access",
      says: `peering ${name} of ${vnet.name} has allowVirtualNetworkAccess false`,
      vnetId,
    });
  return problems;
}

function unpeered(from: Vnet, to: Vnet, name: string, lookup: Lookup): Step {
  const gateways = [from, to].every((vnet) => lookup.hasGateway(vnet));
  return gateways
    ? step(
        "peering",
        name,
        "cannot tell",
        "not peered; both have a gateway, whose connections were not exported",
        {
          missing: [
            {
              what: `connection of the gateways of ${name}`,
              why: "only a VNet-to-VNet connection joins networks that are not peered",
              command: "az network vpn-connection list -g GROUP -o json",
            },
          ],
        },
      )
    : step("peering", name, "denied", "neither peered nor joined by gateways", {
        signs: ["not-joined"],
        resource: to.id,
      });
}

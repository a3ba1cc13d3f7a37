import { RedoubtError } from "@redoubt/client";
import type { Cache } from "../model/cache.ts";
import type { Network } from "../model/network.ts";
import { isNamed } from "./clients.ts";
import { judgeEndpoints } from "./endpoint.ts";
import type { FlowVerdict } from "./flow.ts";
import { type JudgeOptions, judgeInjected } from "./injected.ts";
import { Lookup } from "./lookup.ts";
import { missingResource } from "./missing.ts";
import type { Missing } from "./verdict.ts";

/** What was found of one cache. */
export interface CacheJudgement {
  readonly cache: Cache;
  readonly flows: readonly FlowVerdict[];
}

/** What was found of a network. */
export interface Judgement {
  readonly caches: readonly CacheJudgement[];
  /** What to export to tell more, each thing once. */
  readonly missing: readonly Missing[];
  readonly lookup: Lookup;
}

/**
 * Judges a network: for every flow that each of its caches needs, whether it is allowed, denied, or cannot be told, and what
 * decides.
 *
 * @example judge(readExports(files).network, { clients: ["app"] })
 */
export function judge(network: Network, options: JudgeOptions = {}): Judgement {
  const all = [...network.caches, ...supposedCaches(network, options.redisSubnets ?? [])];
  const lookup = new Lookup({ ...network, caches: all });
  const caches = all.map((cache) => ({
    cache,
    flows: [...judgeInjected(cache, lookup, options), ...judgeEndpoints(cache, lookup, options)],
  }));
  const missing = new Map<string, Missing>();
  for (const { flows } of caches)
    for (const { steps } of flows)
      for (const step of steps) for (const one of step.missing) missing.set(one.command, one);
  for (const one of all.flatMap((cache) => missingPeers(cache, lookup))) missing.set(one.command, one);
  return { caches, missing: [...missing.values()], lookup };
}

/** Caches that nobody exported, in subnets that the user names. Clustered, because nobody knows better. */
function supposedCaches({ vnets }: Network, names: readonly string[]): Cache[] {
  return names.flatMap((name) => {
    const found = vnets.flatMap((vnet) =>
      vnet.subnets.filter((subnet) => isNamed(name, vnet, subnet)).map((subnet) => ({ vnet, subnet })),
    );
    if (found.length === 0)
      throw new RedoubtError("CONFIG_INVALID_VALUE", `There is no subnet "${name}" in these exports.`, {
        hint: "Name it as NETWORK/SUBNET, and export its network: az network vnet list -o json.",
      });
    return found.map(
      ({ vnet, subnet }): Cache => ({
        id: `cache in ${vnet.name}/${subnet.name}`,
        name: `cache in ${vnet.name}/${subnet.name}`,
        kind: "redis",
        region: vnet.region,
        tier: "Premium",
        capacity: null,
        hostName: null,
        subnetId: subnet.id,
        staticIp: null,
        shards: 1,
        replicasPerPrimary: 1,
        zones: [],
        plaintext: null,
        publicAccess: null,
        clusteringPolicy: null,
        linkedServerIds: [],
        privateEndpointIds: [],
      }),
    );
  });
}

/** Networks that are peered with that of a cache and were not exported: there may be clients in them. */
function missingPeers({ subnetId }: Cache, lookup: Lookup): Missing[] {
  const vnet = subnetId === null ? undefined : lookup.vnetOf(subnetId);
  return (vnet?.peerings ?? [])
    .filter(({ remoteVnetId }) => lookup.vnet(remoteVnetId)?.complete !== true)
    .map(({ remoteVnetId }) => missingResource(remoteVnetId, "it is peered, and may have clients"));
}

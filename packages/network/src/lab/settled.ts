import { Lookup } from "../judge/lookup.ts";
import { addressText, prefixesSet, prefixSet, privateAddresses } from "../model/address.ts";
import { IntervalSet } from "../model/intervals.ts";
import type { Network, Vnet } from "../model/network.ts";
import type { LabPlan } from "./plan.ts";

/**
 * The network of a plan with what a laboratory decides and exports leave open: how far `VirtualNetwork` goes. Judge and
 * laboratory read this one, so that they mean the same.
 */
export function settledNetwork({ network, onPremises }: LabPlan): Network {
  if (network.virtualNetworks.length > 0) return network;
  const lookup = new Lookup(network);
  const tunnelled = (onPremises?.prefixes ?? []).filter(isPrivate);
  const extent = (vnet: Vnet): IntervalSet =>
    IntervalSet.union([
      prefixesSet(["168.63.129.16", ...vnet.prefixes, ...(lookup.hasGateway(vnet) ? tunnelled : [])]),
      ...lookup.livePeerings(vnet).map((peering) => lookup.peerPrefixes(peering)),
    ]);
  return {
    ...network,
    virtualNetworks: network.vnets.flatMap((vnet) => {
      const [first] = vnet.subnets;
      return first === undefined ? [] : [{ subnetId: first.id, prefixes: prefixTexts(extent(vnet)) }];
    }),
  };
}

/** Whether a prefix is one of private addresses alone. */
export function isPrivate(prefix: string): boolean {
  const set = prefixSet(prefix);
  return set !== null && !set.isEmpty && privateAddresses.covers(set);
}

/** Addresses as prefixes, as few as there can be. */
export function prefixTexts(set: IntervalSet): string[] {
  const texts: string[] = [];
  for (const [first, last] of set.intervals())
    for (let at = first; at <= last; ) {
      let size = 1;
      while (at % (size * 2) === 0 && at + size * 2 - 1 <= last && size < 2 ** 32) size *= 2;
      texts.push(`${addressText(at)}/${32 - Math.log2(size)}`);
      at += size;
    }
  return texts;
}

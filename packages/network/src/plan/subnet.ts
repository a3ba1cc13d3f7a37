import { RedoubtError } from "@redoubt/client";

/** A cache that is to live in a subnet. */
export interface PlannedCache {
  /** Default: `cache 1`, `cache 2` … */
  readonly name?: string;
  /** Default 0: not clustered, which counts as one shard. */
  readonly shards?: number;
  /** Default 1. */
  readonly replicasPerPrimary?: number;
}

/** How large a subnet must be. */
export interface SubnetPlan {
  /** Addresses that each cache takes: its nodes, and one for the load balancer. */
  readonly caches: readonly { readonly name: string; readonly addresses: number }[];
  /** Addresses that Azure keeps in every subnet. */
  readonly reserved: number;
  /** All of them together. */
  readonly needed: number;
  /** Length of the smallest prefix that has so many, 29 at most: Azure has no smaller subnets. */
  readonly prefixLength: number;
  /** Addresses of that prefix that caches can have. */
  readonly usable: number;
  /** Those of them that stay free. */
  readonly spare: number;
  readonly warnings: readonly string[];
}

/** Addresses that Azure keeps in every subnet: the first four and the last. */
export const reservedAddresses = 5;

/** Addresses of one cache: for each shard a primary and its replicas, and one for the load balancer. */
export function addressesOf({ shards = 0, replicasPerPrimary = 1 }: PlannedCache): number {
  return Math.max(1, shards) * (1 + replicasPerPrimary) + 1;
}

/**
 * Says how many addresses a set of caches needs, and the smallest subnet for them.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for no cache, or numbers that no cache has
 * @example planSubnet([{ shards: 3 }]).prefixLength // 28
 */
export function planSubnet(caches: readonly PlannedCache[]): SubnetPlan {
  if (caches.length === 0) throw new RedoubtError("CONFIG_INVALID_VALUE", "There is no cache to plan for.");
  for (const [index, { shards = 0, replicasPerPrimary = 1 }] of caches.entries()) {
    check(index, "shards", shards, 0, 30);
    check(index, "replicasPerPrimary", replicasPerPrimary, 1, 3);
  }
  const rows = caches.map((cache, index) => ({
    name: cache.name ?? `cache ${index + 1}`,
    addresses: addressesOf(cache),
  }));
  const own = rows.reduce((sum, { addresses }) => sum + addresses, 0);
  const needed = own + reservedAddresses;
  const prefixLength = Math.min(29, 32 - Math.ceil(Math.log2(needed)));
  const usable = 2 ** (32 - prefixLength) - reservedAddresses;
  return {
    caches: rows,
    reserved: reservedAddresses,
    needed,
    prefixLength,
    usable,
    spare: usable - own,
    warnings:
      usable === own
        ? [
            `A /${prefixLength} is exactly full: another shard or replica will not fit, and a subnet in use cannot grow.`,
          ]
        : [],
  };
}

function check(index: number, key: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RedoubtError(
    "CONFIG_INVALID_VALUE",
    `caches[${index}].${key} must be a whole number from ${least} to ${most}.`,
  );
}

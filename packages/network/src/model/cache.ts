/** The three products: Azure Cache for Redis, its Enterprise tiers, Azure Managed Redis. */
export type CacheKind = "redis" | "enterprise" | "managed";

/** A cache. Keys and connection strings are not read from exports. */
export interface Cache {
  readonly id: string;
  readonly name: string;
  readonly kind: CacheKind;
  readonly region: string | null;
  /** `Premium`, or for the others the SKU: `Balanced_B10`. */
  readonly tier: string | null;
  /** 1 for P1; only of Azure Cache for Redis. */
  readonly capacity: number | null;
  readonly hostName: string | null;
  /** The subnet that a cache is injected into. */
  readonly subnetId: string | null;
  readonly staticIp: string | null;
  /** 0 for a cache that is not clustered; `null` where it is not known. */
  readonly shards: number | null;
  readonly replicasPerPrimary: number | null;
  readonly zones: readonly string[];
  /** Whether the port without TLS is open; `null` where it is not known. */
  readonly plaintext: boolean | null;
  readonly publicAccess: boolean | null;
  /** `OSSCluster`, `EnterpriseCluster`, `NoCluster`; only of the two others. */
  readonly clusteringPolicy: string | null;
  readonly linkedServerIds: readonly string[];
  readonly privateEndpointIds: readonly string[];
}

/** A passive geo-replication, as `az redis server-link` shows it. */
export interface LinkedCache {
  readonly cacheId: string;
  readonly linkedCacheId: string;
}

/** Whether a cache hands out addresses of several nodes. */
export function isClustered({ kind, shards, clusteringPolicy }: Cache): boolean {
  return kind === "redis" ? (shards ?? 0) > 0 : (clusteringPolicy ?? "OSSCluster") === "OSSCluster";
}

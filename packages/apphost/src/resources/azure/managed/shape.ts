import type { Setting } from "../setting.ts";
import type { ManagedSkuName } from "./skus.ts";

/** How keys are spread, and what a client must be able to do. It can be chosen at creation only. */
export type ClusteringPolicy =
  /** Azure's default: clients ask the shards themselves, and need the cluster protocol. */
  | "OSSCluster"
  /** One endpoint that looks unclustered. */
  | "EnterpriseCluster"
  /** Not sharded at all; up to 25 GB, and not on flash. */
  | "NoCluster";

/** What is removed when memory is full. Azure's default is `VolatileLRU`. */
export type EvictionPolicy =
  | "AllKeysLFU"
  | "AllKeysLRU"
  | "AllKeysRandom"
  | "NoEviction"
  | "VolatileLFU"
  | "VolatileLRU"
  | "VolatileRandom"
  | "VolatileTTL";

/** A module of the server, which can be had at creation only. */
export interface ManagedModule {
  name: "RedisBloom" | "RedisJSON" | "RediSearch" | "RedisTimeSeries";
  /** Arguments of the module, as its documentation writes them. */
  args?: Setting<string>;
}

/** What is written to disk: snapshots or a log of writes, never both. */
export interface ManagedPersistence {
  aofEnabled?: Setting<boolean>;
  /** How often the log is flushed. `always` is deprecated. */
  aofFrequency?: Setting<"1s" | "always">;
  rdbEnabled?: Setting<boolean>;
  rdbFrequency?: Setting<"1h" | "6h" | "12h">;
}

/** A database that others replicate with, and it with them: active geo-replication. */
export interface ManagedGeoReplication {
  groupNickname: Setting<string>;
  /** Ids of the databases of the group, this one included; at most five. */
  linkedDatabases: { id: Setting<string> }[];
}

/** Whose key encrypts the disks; Azure's own without. */
export interface ManagedEncryption {
  /** URL of a version of a key in a Key Vault. */
  keyEncryptionKeyUrl: Setting<string>;
  /** Id of the identity that may use it; the cluster must have it as well. */
  userAssignedIdentityResourceId: Setting<string>;
}

/**
 * The cluster of an Azure Managed Redis, as `configureInfrastructure` hands it out. What is not set is left to Azure.
 * Source: the schema of `Microsoft.Cache/redisEnterprise@2025-07-01`.
 */
export interface ManagedCluster {
  /** Symbol of the resource in the module; other resources of the module name it. */
  readonly symbol: string;
  /** Name in Azure: by default made of the resource's name and a hash of the group's id. */
  name: Setting<string>;
  location: Setting<string>;
  /** Default `Balanced_B0`. */
  readonly sku: { name: Setting<ManagedSkuName> };
  /** Azure's default is `Enabled`. */
  highAvailability?: Setting<"Enabled" | "Disabled">;
  minimumTlsVersion: Setting<"1.2">;
  /** Default `Enabled`, and `Disabled` once there is a private endpoint. Azure wants it said. */
  publicNetworkAccess: Setting<"Enabled" | "Disabled">;
  encryption?: ManagedEncryption;
  /** Ids of the user-assigned identities that the cluster has. */
  identities: Setting<string>[];
  /** Default: none. */
  tags: Record<string, Setting<string>>;
  /** Default: Azure's choice. */
  zones: Setting<string>[];
}

/** The one database of the cluster. */
export interface ManagedDatabase {
  readonly symbol: string;
  /** Always `default`. */
  readonly name: "default";
  /** Azure Managed Redis has no other. */
  readonly port: 10_000;
  /** Follows `withAccessKeyAuthentication`. */
  readonly accessKeysAuthentication: "Enabled" | "Disabled";
  /** Azure's default is `Encrypted`. One mode for all clients. */
  clientProtocol?: "Encrypted" | "Plaintext";
  /** Azure's default is `OSSCluster`. */
  clusteringPolicy?: Setting<ClusteringPolicy>;
  /** Azure's default is `VolatileLRU`. */
  evictionPolicy?: Setting<EvictionPolicy>;
  /** Whether a new major version of the server waits. */
  deferUpgrade?: Setting<"Deferred" | "NotDeferred">;
  modules: ManagedModule[];
  persistence?: ManagedPersistence;
  geoReplication?: ManagedGeoReplication;
}

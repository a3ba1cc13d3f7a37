import type { Setting } from "../setting.ts";

/** What a classic cache can do: `Basic` has one node, `Standard` two, `Premium` shards, networks, persistence and more. */
export type ClassicTier = "Basic" | "Standard" | "Premium";

/** Size and tier. */
export interface ClassicSku {
  name: ClassicTier;
  /** `C` for Basic and Standard, `P` for Premium. */
  family: "C" | "P";
  /** 0 to 6 of family C, 1 to 5 of family P. */
  capacity: number;
}

/**
 * Settings of the server, all of them text. Source: the schema of `Microsoft.Cache/redis@2024-11-01`, which allows further keys.
 */
export interface ClassicConfiguration {
  "aad-enabled"?: Setting<"true" | "false">;
  "aof-backup-enabled"?: Setting<"true" | "false">;
  "aof-storage-connection-string-0"?: Setting<string>;
  "aof-storage-connection-string-1"?: Setting<string>;
  /** Lets clients in without a password; only inside a virtual network. */
  authnotrequired?: Setting<"true" | "false">;
  "maxfragmentationmemory-reserved"?: Setting<string>;
  "maxmemory-delta"?: Setting<string>;
  "maxmemory-policy"?: Setting<
    | "allkeys-lfu"
    | "allkeys-lru"
    | "allkeys-random"
    | "noeviction"
    | "volatile-lfu"
    | "volatile-lru"
    | "volatile-random"
    | "volatile-ttl"
  >;
  "maxmemory-reserved"?: Setting<string>;
  "notify-keyspace-events"?: Setting<string>;
  "preferred-data-persistence-auth-method"?: Setting<"SAS" | "ManagedIdentity">;
  "rdb-backup-enabled"?: Setting<"true" | "false">;
  /** Minutes. */
  "rdb-backup-frequency"?: Setting<"15" | "30" | "60" | "360" | "720" | "1440">;
  "rdb-backup-max-snapshot-count"?: Setting<string>;
  "rdb-storage-connection-string"?: Setting<string>;
  "storage-subscription-id"?: Setting<string>;
}

/** A classic cache, as `configureInfrastructure` hands it out. What is not set is left to Azure. */
export interface ClassicCache {
  readonly symbol: string;
  name: Setting<string>;
  location: Setting<string>;
  /** Default: Basic C1. */
  readonly sku: ClassicSku;
  /** Whether the port without TLS, 6379, is open as well. Default false. */
  enableNonSslPort: boolean;
  minimumTlsVersion: Setting<"1.2">;
  /** Follows `withAccessKeyAuthentication`. */
  disableAccessKeyAuthentication?: Setting<boolean>;
  /** Azure's default is `Enabled`; `Disabled` once there is a private endpoint. Means nothing inside a virtual network. */
  publicNetworkAccess?: Setting<"Enabled" | "Disabled">;
  readonly redisConfiguration: ClassicConfiguration;
  /** `6`, `6.0`, `latest`. */
  redisVersion?: Setting<string>;
  /** 1 to 3; Premium only. Azure's default is 1. */
  replicasPerPrimary?: number;
  /** 1 to 30; Premium only. Without, the cache is not clustered. */
  shardCount?: number;
  /** Which versions it gets first. */
  updateChannel?: Setting<"Stable" | "Preview">;
  zonalAllocationPolicy?: Setting<"Automatic" | "NoZones" | "UserDefined">;
  /** Premium only, or with `zonalAllocationPolicy`. */
  zones: Setting<string>[];
  /** Ids of the user-assigned identities that it has. */
  identities: Setting<string>[];
  /** Set by `withVirtualNetwork`. */
  readonly subnetId?: Setting<string>;
  readonly staticIP?: string;
  tenantSettings: Record<string, Setting<string>>;
  /** Default: the name of the resource in the app, as `aspire-resource-name`. */
  tags: Record<string, Setting<string>>;
}

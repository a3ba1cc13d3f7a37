import type { CacheKind } from "../model/cache.ts";

/** How private endpoints of a product are named. */
export interface PrivateLinkNames {
  readonly product: string;
  /** The group that an endpoint connects to. */
  readonly group: string;
  /** The private DNS zone, in the public cloud. */
  readonly zone: string;
  /** What public names end in; a custom DNS server forwards it. */
  readonly suffix: string;
}

/** The three products differ in all of these, and mixing them up is a silent fault. */
export const privateLinkNames: Readonly<Record<CacheKind, PrivateLinkNames>> = {
  redis: {
    product: "Azure Cache for Redis",
    group: "redisCache",
    zone: "privatelink.redis.cache.windows.net",
    suffix: "redis.cache.windows.net",
  },
  enterprise: {
    product: "Azure Cache for Redis Enterprise",
    group: "redisEnterprise",
    zone: "privatelink.redisenterprise.cache.azure.net",
    suffix: "redisenterprise.cache.azure.net",
  },
  managed: {
    product: "Azure Managed Redis",
    group: "redisEnterprise",
    zone: "privatelink.redis.azure.net",
    suffix: "redis.azure.net",
  },
};

const sovereign: readonly string[] = ["redis.cache.usgovcloudapi.net", "redis.cache.chinacloudapi.cn"];

/** The zone of a cache: that of its product, or of the sovereign cloud that its name is in. */
export function zoneOf(kind: CacheKind, hostName: string | null): string {
  const cloud = sovereign.find((suffix) => hostName?.toLowerCase().endsWith(`.${suffix}`));
  return cloud === undefined || kind !== "redis" ? privateLinkNames[kind].zone : `privatelink.${cloud}`;
}

/** Every zone of every product. */
export const privateLinkZones: readonly string[] = [
  ...Object.values(privateLinkNames).map(({ zone }) => zone),
  ...sovereign.map((suffix) => `privatelink.${suffix}`),
];

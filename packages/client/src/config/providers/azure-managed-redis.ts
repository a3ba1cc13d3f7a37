import type { Provider } from "./provider.ts";

/** Azure Managed Redis and the Enterprise tiers before it. Suffixes and TLS rule as in StackExchange.Redis's provider. */
export const azureManagedRedis: Provider = {
  name: "azure-managed-redis",
  title: "Azure Managed Redis",
  suffixes: [
    ".redis.azure.net",
    ".redis.chinacloudapi.cn",
    ".redis.usgovcloudapi.net",
    ".redis.sovcloud-api.de",
    ".redis.sovcloud-api.fr",
    ".redisenterprise.cache.azure.net",
  ],
  tlsPort: 10_000,
  plainPort: null,
  tlsByDefault: () => true,
  // A cache may be set to plain text on the very same port.
  speaksOnlyTls: () => false,
  idleLimitMs: 600_000,
  notes: [
    "Azure Managed Redis has only database 0 and is clustered unless made otherwise.",
    "Azure Cache for Redis Enterprise (…redisenterprise.cache.azure.net) retires on 2027-03-31.",
  ],
};

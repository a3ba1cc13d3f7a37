import type { Provider } from "./provider.ts";

/** Azure Cache for Redis (Basic, Standard, Premium). Suffixes and TLS rule as in StackExchange.Redis's provider. */
export const azureCache: Provider = {
  name: "azure-cache",
  title: "Azure Cache for Redis",
  suffixes: [
    ".redis.cache.windows.net",
    ".redis.cache.chinacloudapi.cn",
    ".redis.cache.usgovcloudapi.net",
    ".redis.cache.sovcloud-api.de",
    ".redis.cache.sovcloud-api.fr",
  ],
  tlsPort: 6380,
  plainPort: 6379,
  tlsByDefault: (port) => port === 6380,
  speaksOnlyTls: (port) => port === 6380,
  idleLimitMs: 600_000,
  notes: [
    "Azure Cache for Redis (Basic, Standard, Premium) retires on 2028-09-30 and is disabled on 2028-10-01; move to Azure Managed Redis.",
    "Since 2024-10-01 it accepts only TLS 1.2 and newer.",
  ],
};

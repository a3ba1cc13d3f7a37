import { aiven } from "./aiven.ts";
import { azureCache } from "./azure-cache.ts";
import { azureManagedRedis } from "./azure-managed-redis.ts";
import { elasticache } from "./elasticache.ts";
import type { Provider } from "./provider.ts";
import { redisCloud } from "./redis-cloud.ts";
import { upstash } from "./upstash.ts";

/** All vendor profiles; the first that matches counts. */
export const providers: readonly Provider[] = [
  azureCache,
  azureManagedRedis,
  aiven,
  elasticache,
  upstash,
  redisCloud,
];

/** The profile whose suffix ends one of the host names, letter case and a final dot aside; `null` for none. */
export function providerOf(hosts: readonly string[]): Provider | null {
  const names = hosts.map((host) => host.toLowerCase().replace(/\.$/, ""));
  const matches = ({ suffixes }: Provider) =>
    suffixes.some((suffix) => names.some((name) => name.endsWith(suffix)));
  return providers.find(matches) ?? null;
}

/** The profile of a name as it stands in `target.provider`. */
export function providerNamed(name: string | null): Provider | null {
  return providers.find((provider) => provider.name === name) ?? null;
}

import type { Input } from "../../../template/expr.ts";
import { identityBody } from "../identity-body.ts";
import type { Setting } from "../setting.ts";
import type { ClassicCache } from "./shape.ts";

/** The cache as it stands in a template, in the order of upstream's generator. */
export function cacheBody(cache: ClassicCache): { [name: string]: Input } {
  const { identities, zones, subnetId, staticIP } = cache;
  return {
    location: cache.location,
    properties: {
      sku: { name: cache.sku.name, family: cache.sku.family, capacity: cache.sku.capacity },
      enableNonSslPort: cache.enableNonSslPort,
      disableAccessKeyAuthentication: cache.disableAccessKeyAuthentication,
      minimumTlsVersion: cache.minimumTlsVersion,
      publicNetworkAccess: cache.publicNetworkAccess,
      redisConfiguration: filled({ ...cache.redisConfiguration }),
      redisVersion: cache.redisVersion,
      replicasPerPrimary: cache.replicasPerPrimary,
      shardCount: cache.shardCount,
      staticIP,
      subnetId,
      tenantSettings: filled(cache.tenantSettings),
      updateChannel: cache.updateChannel,
      zonalAllocationPolicy: cache.zonalAllocationPolicy,
    },
    identity: identities.length === 0 ? undefined : identityBody(identities),
    tags: filled(cache.tags),
    zones: zones.length === 0 ? undefined : zones,
  };
}

function filled(members: { readonly [name: string]: Setting<string> | undefined }): Input {
  return Object.values(members).some((value) => value !== undefined) ? members : undefined;
}

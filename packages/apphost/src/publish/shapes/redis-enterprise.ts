import {
  common,
  flag,
  given,
  identity,
  listOf,
  maybe,
  members,
  oneOf,
  onOff,
  reference,
  text,
  whole,
} from "./given.ts";
import type { Shapes } from "./shapes.ts";

/** Microsoft.Cache/redisEnterprise of API version 2025-07-01: Azure Managed Redis. Source: Azure's REST reference. */
export const redisEnterprise: Shapes = {
  "Microsoft.Cache/redisEnterprise@2025-07-01": members({
    ...common,
    sku: given(
      members({
        name: given(
          text.regex(
            /^(?:Balanced_B|ComputeOptimized_X|MemoryOptimized_M|FlashOptimized_A|Enterprise_E|EnterpriseFlash_F)\d+$/,
          ),
        ),
        capacity: maybe(whole),
      }),
    ),
    zones: maybe(listOf(text)),
    identity: maybe(identity),
    properties: maybe(
      members({
        encryption: maybe(
          members({
            customerManagedKeyEncryption: maybe(
              members({
                keyEncryptionKeyIdentity: maybe(
                  members({
                    identityType: maybe(oneOf("systemAssignedIdentity", "userAssignedIdentity")),
                    userAssignedIdentityResourceId: maybe(text),
                  }),
                ),
                keyEncryptionKeyUrl: maybe(text),
              }),
            ),
          }),
        ),
        highAvailability: maybe(onOff),
        minimumTlsVersion: maybe(oneOf("1.0", "1.1", "1.2")),
        // Needed since this version: without it the request is refused.
        publicNetworkAccess: given(onOff),
      }),
    ),
  }),
  "Microsoft.Cache/redisEnterprise/databases@2025-07-01": members({
    properties: maybe(
      members({
        accessKeysAuthentication: maybe(onOff),
        clientProtocol: maybe(oneOf("Encrypted", "Plaintext")),
        clusteringPolicy: maybe(oneOf("EnterpriseCluster", "OSSCluster", "NoCluster")),
        deferUpgrade: maybe(oneOf("Deferred", "NotDeferred")),
        evictionPolicy: maybe(
          oneOf(
            "AllKeysLFU",
            "AllKeysLRU",
            "AllKeysRandom",
            "NoEviction",
            "VolatileLFU",
            "VolatileLRU",
            "VolatileRandom",
            "VolatileTTL",
          ),
        ),
        geoReplication: maybe(
          members({ groupNickname: maybe(text), linkedDatabases: maybe(listOf(reference)) }),
        ),
        modules: maybe(listOf(members({ name: given(text), args: maybe(text) }))),
        persistence: maybe(
          members({
            aofEnabled: maybe(flag),
            aofFrequency: maybe(oneOf("1s", "always")),
            rdbEnabled: maybe(flag),
            rdbFrequency: maybe(oneOf("1h", "6h", "12h")),
          }),
        ),
        port: maybe(whole.min(1).max(65_535)),
      }),
    ),
  }),
  "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments@2025-07-01": members({
    properties: given(
      members({
        accessPolicyName: given(text.regex(/^[A-Za-z0-9]{1,60}$/)),
        user: given(members({ objectId: given(text) })),
      }),
    ),
  }),
};

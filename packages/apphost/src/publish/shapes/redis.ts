import { z } from "zod";
import { common, flag, given, identity, listOf, maybe, members, oneOf, onOff, text, whole } from "./given.ts";
import type { Shapes } from "./shapes.ts";

/** Microsoft.Cache/redis of API version 2024-11-01: the classic Azure Cache for Redis. Source: Azure's REST reference. */
export const redis: Shapes = {
  "Microsoft.Cache/redis@2024-11-01": members({
    ...common,
    zones: maybe(listOf(text)),
    identity: maybe(identity),
    properties: given(
      members({
        sku: given(
          members({
            name: given(oneOf("Basic", "Standard", "Premium")),
            family: given(oneOf("C", "P")),
            capacity: given(whole.min(0).max(6)),
          }),
        ),
        disableAccessKeyAuthentication: maybe(flag),
        enableNonSslPort: maybe(flag),
        minimumTlsVersion: maybe(oneOf("1.0", "1.1", "1.2")),
        publicNetworkAccess: maybe(onOff),
        // Values are text, numbers and truth values included; Azure takes further keys than its reference names.
        redisConfiguration: maybe(z.record(z.string(), given(text))),
        redisVersion: maybe(text),
        replicasPerMaster: maybe(whole.min(1).max(3)),
        replicasPerPrimary: maybe(whole.min(1).max(3)),
        shardCount: maybe(whole.min(1).max(30)),
        staticIP: maybe(text),
        subnetId: maybe(text),
        tenantSettings: maybe(z.record(z.string(), given(text))),
        updateChannel: maybe(oneOf("Preview", "Stable")),
        zonalAllocationPolicy: maybe(oneOf("Automatic", "NoZones", "UserDefined")),
      }),
    ),
  }),
  "Microsoft.Cache/redis/accessPolicyAssignments@2024-11-01": members({
    properties: given(
      members({
        accessPolicyName: given(text),
        objectId: given(text),
        objectIdAlias: given(text),
      }),
    ),
  }),
  "Microsoft.Cache/redis/accessPolicies@2024-11-01": members({
    properties: given(members({ permissions: given(text) })),
  }),
  "Microsoft.Cache/redis/firewallRules@2024-11-01": members({
    properties: given(members({ startIP: given(text), endIP: given(text) })),
  }),
};

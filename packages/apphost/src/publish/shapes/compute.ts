import { z } from "zod";
import { common, flag, given, identity, listOf, maybe, members, oneOf, onOff, text, whole } from "./given.ts";
import type { Shapes } from "./shapes.ts";

/** Where programs run: environments of container apps with their registries and logs. Source: Azure's REST reference. */
export const compute: Shapes = {
  "Microsoft.App/managedEnvironments@2025-07-01": members({
    ...common,
    kind: maybe(text),
    identity: maybe(identity),
    properties: maybe(
      members({
        appLogsConfiguration: maybe(
          members({
            destination: maybe(oneOf("log-analytics", "azure-monitor", "none")),
            logAnalyticsConfiguration: maybe(
              members({ customerId: given(text), sharedKey: given(text), dynamicJsonColumns: maybe(flag) }),
            ),
          }),
        ),
        vnetConfiguration: maybe(
          members({
            infrastructureSubnetId: maybe(text),
            internal: maybe(flag),
            dockerBridgeCidr: maybe(text),
          }),
        ),
        workloadProfiles: maybe(
          listOf(
            members({
              name: given(text),
              workloadProfileType: given(text),
              minimumCount: maybe(whole),
              maximumCount: maybe(whole),
            }),
          ),
        ),
        publicNetworkAccess: maybe(onOff),
        zoneRedundant: maybe(flag),
      }),
    ),
  }),
  "Microsoft.ContainerRegistry/registries@2025-04-01": members({
    ...common,
    sku: given(members({ name: given(oneOf("Basic", "Standard", "Premium")) })),
    identity: maybe(identity),
    properties: maybe(z.record(z.string(), z.unknown())),
  }),
  "Microsoft.OperationalInsights/workspaces@2025-02-01": members({
    ...common,
    properties: maybe(
      members({
        sku: maybe(members({ name: given(text), capacityReservationLevel: maybe(whole) })),
        retentionInDays: maybe(whole),
        publicNetworkAccessForIngestion: maybe(onOff),
        publicNetworkAccessForQuery: maybe(onOff),
      }),
    ),
  }),
};

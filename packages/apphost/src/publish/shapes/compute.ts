import { z } from "zod";
import { common, flag, given, identity, listOf, maybe, members, oneOf, onOff, text, whole } from "./given.ts";
import type { Shapes } from "./shapes.ts";

const port = whole.min(1).max(65_535);

/** Programs, and where they run: environments of container apps with their registries and logs. Source: Azure's REST reference. */
export const compute: Shapes = {
  "Microsoft.App/containerApps@2025-07-01": members({
    ...common,
    identity: maybe(identity),
    properties: given(
      members({
        environmentId: given(text),
        workloadProfileName: maybe(text),
        configuration: maybe(
          members({
            activeRevisionsMode: maybe(oneOf("Single", "Multiple", "Labels")),
            secrets: maybe(
              listOf(
                members({
                  name: given(text.regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/).max(253)),
                  value: maybe(text),
                  identity: maybe(text),
                  keyVaultUrl: maybe(text),
                }),
              ),
            ),
            ingress: maybe(
              members({
                external: maybe(flag),
                targetPort: maybe(port),
                exposedPort: maybe(port),
                transport: maybe(oneOf("auto", "http", "http2", "tcp")),
                allowInsecure: maybe(flag),
                additionalPortMappings: maybe(
                  listOf(
                    members({ external: given(flag), targetPort: given(port), exposedPort: maybe(port) }),
                  ),
                ),
              }),
            ),
            registries: maybe(
              listOf(
                members({
                  server: given(text),
                  identity: maybe(text),
                  username: maybe(text),
                  passwordSecretRef: maybe(text),
                }),
              ),
            ),
          }),
        ),
        template: maybe(
          members({
            containers: given(
              listOf(
                members({
                  image: given(text),
                  name: given(text.regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/)),
                  command: maybe(listOf(text)),
                  args: maybe(listOf(text)),
                  env: maybe(
                    listOf(members({ name: given(text), value: maybe(text), secretRef: maybe(text) })),
                  ),
                  resources: maybe(z.record(z.string(), z.unknown())),
                  probes: maybe(z.array(z.unknown())),
                  volumeMounts: maybe(z.array(z.unknown())),
                }),
              ),
            ),
            scale: maybe(
              members({
                minReplicas: maybe(whole.min(0)),
                maxReplicas: maybe(whole.min(1)),
                rules: maybe(z.array(z.unknown())),
              }),
            ),
            volumes: maybe(z.array(z.unknown())),
          }),
        ),
      }),
    ),
  }),
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

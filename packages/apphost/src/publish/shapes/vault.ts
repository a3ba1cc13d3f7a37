import { z } from "zod";
import { common, flag, given, listOf, maybe, members, oneOf, text, whole } from "./given.ts";
import type { Shapes } from "./shapes.ts";

const action = oneOf("Allow", "Deny");

/** Key vaults, identities, roles and groups. Source: Azure's REST reference. */
export const vault: Shapes = {
  "Microsoft.KeyVault/vaults@2024-11-01": members({
    ...common,
    properties: given(
      members({
        tenantId: given(text),
        sku: given(members({ family: given(oneOf("A")), name: given(oneOf("standard", "premium")) })),
        accessPolicies: maybe(z.array(z.unknown())),
        createMode: maybe(oneOf("default", "recover")),
        enabledForDeployment: maybe(flag),
        enabledForDiskEncryption: maybe(flag),
        enabledForTemplateDeployment: maybe(flag),
        enablePurgeProtection: maybe(flag),
        enableRbacAuthorization: maybe(flag),
        enableSoftDelete: maybe(flag),
        softDeleteRetentionInDays: maybe(whole.min(7).max(90)),
        publicNetworkAccess: maybe(oneOf("enabled", "disabled", "Enabled", "Disabled")),
        networkAcls: maybe(
          members({
            bypass: maybe(oneOf("AzureServices", "None")),
            defaultAction: maybe(action),
            ipRules: maybe(listOf(members({ value: given(text) }))),
            virtualNetworkRules: maybe(
              listOf(members({ id: given(text), ignoreMissingVnetServiceEndpoint: maybe(flag) })),
            ),
          }),
        ),
      }),
    ),
  }),
  "Microsoft.KeyVault/vaults/secrets@2024-11-01": members({
    tags: common["tags"] as z.ZodType,
    properties: given(
      members({
        value: given(text),
        contentType: maybe(text),
        attributes: maybe(members({ enabled: maybe(flag), exp: maybe(whole), nbf: maybe(whole) })),
      }),
    ),
  }),
  "Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30": members({
    ...common,
    properties: maybe(members({ isolationScope: maybe(oneOf("None", "Regional")) })),
  }),
  "Microsoft.Authorization/roleAssignments@2022-04-01": members({
    properties: given(
      members({
        principalId: given(text),
        roleDefinitionId: given(text),
        principalType: maybe(oneOf("User", "Group", "ServicePrincipal", "ForeignGroup", "Device")),
        condition: maybe(text),
        conditionVersion: maybe(text),
        delegatedManagedIdentityResourceId: maybe(text),
        description: maybe(text),
      }),
    ),
  }),
  "Microsoft.Resources/resourceGroups@2023-07-01": members({ ...common, managedBy: maybe(text) }),
};

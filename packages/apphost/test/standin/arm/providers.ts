import { randomBytes, randomUUID } from "node:crypto";
import { parentOf, partsOf, typeAndName } from "./ids.ts";

type Section = Readonly<Record<string, unknown>>;

/** A resource as it is kept. */
export interface Stored {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly location?: unknown;
  readonly sku?: unknown;
  readonly tags?: unknown;
  readonly properties: Section;
  /** What only its provider knows: keys, the values of secrets. */
  readonly hidden: Section;
}

/** Says no, as providers do: an error with a code and a status. */
export class ProviderFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a provider knows about a put. */
export interface Put {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly document: Section;
  readonly before: Stored | null;
  readonly tenant: string;
  /** Opens a data plane for a vault. */
  openVault(name: string): string;
}

interface Provider {
  /** Versions of its interface that this stand-in takes. */
  readonly versions: readonly string[];
  readonly make: (put: Put) => { readonly properties: Section; readonly hidden?: Section };
}

const key = (): string => randomBytes(32).toString("base64");
const needs = (condition: boolean, code: string, message: string): void => {
  if (!condition) throw new ProviderFault(code, message);
};
const properties = ({ document }: Put): Section => (document["properties"] as Section | undefined) ?? {};

/** The providers by type in lower case: what they ask for, and what they add. */
const providers: Readonly<Record<string, Provider>> = {
  "microsoft.cache/redisenterprise": {
    versions: ["2025-07-01", "2025-04-01", "2024-10-01"],
    make: (put) => {
      const { sku } = put.document as { sku?: { name?: unknown } };
      needs(typeof sku?.name === "string", "InvalidRequestBody", "The sku is missing.");
      needs(
        /^[A-Za-z0-9](-?[A-Za-z0-9])*$/.test(put.name) && put.name.length <= 60,
        "InvalidParameter",
        `The name '${put.name}' is not valid.`,
      );
      needs(
        typeof put.document["location"] === "string",
        "LocationRequired",
        "The location property is required for this definition.",
      );
      needs(
        "publicNetworkAccess" in properties(put),
        "InvalidRequestBody",
        "properties.publicNetworkAccess is missing.",
      );
      const hostName = `${put.name}.${put.location}.redis.azure.net`;
      return {
        properties: {
          minimumTlsVersion: "1.2",
          ...properties(put),
          hostName,
          resourceState: "Running",
          redisVersion: "7.4",
        },
      };
    },
  },
  "microsoft.cache/redisenterprise/databases": {
    versions: ["2025-07-01", "2025-04-01", "2024-10-01"],
    make: (put) => {
      const defaults = {
        port: 10000,
        clientProtocol: "Encrypted",
        clusteringPolicy: "OSSCluster",
        evictionPolicy: "VolatileLRU",
      };
      const before = put.before?.properties["clusteringPolicy"];
      const wanted = properties(put)["clusteringPolicy"];
      needs(
        before === undefined || wanted === undefined || before === wanted,
        "BadRequest",
        "clusteringPolicy cannot be changed.",
      );
      const keys = put.before?.hidden ?? { primaryKey: key(), secondaryKey: key() };
      return { properties: { ...defaults, ...properties(put), resourceState: "Running" }, hidden: keys };
    },
  },
  "microsoft.cache/redisenterprise/databases/accesspolicyassignments": {
    versions: ["2025-07-01", "2025-04-01", "2024-10-01"],
    make: (put) => {
      const { accessPolicyName, user } = properties(put) as {
        accessPolicyName?: unknown;
        user?: { objectId?: unknown };
      };
      needs(accessPolicyName === "default", "BadRequest", "The access policy must be 'default'.");
      needs(
        typeof user?.objectId === "string" && user.objectId !== "",
        "BadRequest",
        "user.objectId is missing.",
      );
      return { properties: properties(put) };
    },
  },
  "microsoft.cache/redis": {
    versions: ["2024-11-01", "2024-03-01"],
    make: (put) => {
      const { sku } = properties(put) as { sku?: { name?: unknown; family?: unknown; capacity?: unknown } };
      needs(
        typeof sku?.name === "string" && typeof sku.family === "string",
        "InvalidRequestBody",
        "properties.sku is missing.",
      );
      const hostName = `${put.name}.redis.cache.windows.net`;
      const keys = put.before?.hidden ?? { primaryKey: key(), secondaryKey: key() };
      return { properties: { ...properties(put), hostName, sslPort: 6380, port: 6379 }, hidden: keys };
    },
  },
  "microsoft.cache/redis/accesspolicyassignments": {
    versions: ["2024-11-01", "2024-03-01"],
    make: (put) => ({ properties: properties(put) }),
  },
  "microsoft.keyvault/vaults": {
    versions: ["2024-11-01", "2023-07-01"],
    make: (put) => {
      needs(
        /^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/.test(put.name),
        "VaultNameNotValid",
        `The vault name '${put.name}' is invalid.`,
      );
      const { tenantId, sku } = properties(put) as {
        tenantId?: unknown;
        sku?: { family?: unknown; name?: unknown };
      };
      needs(tenantId === put.tenant, "BadRequest", "An invalid value was provided for 'tenantId'.");
      needs(sku?.family === "A", "BadRequest", "The parameter sku is not specified.");
      const vaultUri = (put.before?.properties["vaultUri"] as string | undefined) ?? put.openVault(put.name);
      return { properties: { ...properties(put), vaultUri } };
    },
  },
  "microsoft.keyvault/vaults/secrets": {
    versions: ["2024-11-01", "2023-07-01"],
    make: (put) => {
      const { value, ...rest } = properties(put);
      needs(typeof value === "string", "BadRequest", "The value of the secret is missing.");
      return { properties: { ...rest, secretUri: "" }, hidden: { value } };
    },
  },
  "microsoft.managedidentity/userassignedidentities": {
    versions: ["2024-11-30", "2023-01-31"],
    make: ({ before, tenant }) => ({
      properties: before?.properties ?? {
        principalId: randomUUID(),
        clientId: randomUUID(),
        tenantId: tenant,
      },
    }),
  },
  "microsoft.authorization/roleassignments": {
    versions: ["2022-04-01"],
    make: (put) => {
      const { principalId, roleDefinitionId } = properties(put);
      needs(
        /\/roleDefinitions\//.test(String(roleDefinitionId)),
        "BadRequestFormat",
        "roleDefinitionId is no id of a role.",
      );
      needs(/^[0-9a-f-]{36}$/.test(String(principalId)), "InvalidPrincipalId", "principalId is no GUID.");
      needs(
        /^[0-9a-f-]{36}$/.test(put.name),
        "InvalidRoleAssignmentId",
        "The role assignment ID is not valid: it must be a GUID.",
      );
      return { properties: properties(put) };
    },
  },
  "microsoft.resources/resourcegroups": {
    versions: ["2023-07-01", "2024-03-01", "2021-04-01", "2025-04-01"],
    make: (put) => ({ properties: properties(put) }),
  },
};

/** Types that are taken as they are. */
const plain = /^microsoft\.network\//i;

/** Makes or changes a resource. @throws ProviderFault */
export function made(put: Omit<Put, "name">, apiVersion: string, parent: Stored | null): Stored {
  const { type, name } = typeAndName(put.id);
  const provider = Object.hasOwn(providers, type.toLowerCase()) ? providers[type.toLowerCase()] : undefined;
  if (provider === undefined && !plain.test(type))
    throw new ProviderFault("InvalidResourceType", `The resource type '${type}' could not be found.`);
  needs(
    /^\d{4}-\d\d-\d\d(-preview)?$/.test(apiVersion),
    "InvalidApiVersionParameter",
    `The api-version '${apiVersion}' is invalid.`,
  );
  if (provider !== undefined)
    needs(
      provider.versions.includes(apiVersion),
      "NoRegisteredProviderFound",
      `No registered resource provider found for API version '${apiVersion}' for type '${type}'.`,
    );
  if (parentOf(put.id) !== null)
    needs(
      parent !== null,
      "ParentResourceNotFound",
      `Can not perform requested operation on nested resource. Parent resource '${typeAndName(parentOf(put.id) ?? "").name}' not found.`,
    );
  const { properties: its, hidden = {} } = provider?.make({
    ...put,
    name: name.split("/").at(-1) ?? name,
  }) ?? { properties: (put.document["properties"] as Section | undefined) ?? {} };
  const { location, sku, tags } = put.document;
  return {
    id: put.id,
    type,
    name: name.split("/").at(-1) ?? name,
    apiVersion,
    ...(location !== undefined && { location }),
    ...(sku !== undefined && { sku }),
    ...(tags !== undefined && { tags }),
    properties: { ...its, provisioningState: "Succeeded" },
    hidden,
  };
}

/** What `listKeys` of a resource gives. @throws ProviderFault */
export function keysOf(name: string, { type, properties: its, hidden }: Stored): unknown {
  const lower = type.toLowerCase();
  needs(name.toLowerCase() === "listkeys", "BadRequest", `There is no ${name}.`);
  needs(
    lower === "microsoft.cache/redisenterprise/databases" || lower === "microsoft.cache/redis",
    "BadRequest",
    `${type} has no keys.`,
  );
  needs(
    its["accessKeysAuthentication"] !== "Disabled" && its["disableAccessKeyAuthentication"] !== true,
    "BadRequest",
    "Access keys authentication is disabled.",
  );
  return { primaryKey: hidden["primaryKey"], secondaryKey: hidden["secondaryKey"] };
}

/** Group of a resource, in lower case, as the key of a group. */
export function groupKey(id: string): string {
  const { subscription, group } = partsOf(id);
  return `${subscription}/${group}`.toLowerCase();
}

import { RedoubtError } from "@redoubt/client";
import { retirements } from "../tables/lifetime.ts";
import { type ManagedSku, managedSkus, premiumSizesGB } from "../tables/skus.ts";
import { privateLinkNames } from "../tables/zones.ts";

/** Where to: a private endpoint of a new cache of the same product, or Azure Managed Redis. */
export type MigrationTarget = "private-endpoint" | "managed";

/** How the data gets there. */
export type DataWay = "dual-write" | "export-import" | "copy" | "empty";

/** What is to be moved, and how. */
export interface MigrationRequest {
  readonly name: string;
  /** `westeurope`. */
  readonly region: string;
  readonly target: MigrationTarget;
  /** Default `export-import`. */
  readonly data?: DataWay;
  /** P1 to P5 as 1 to 5. Default 1. */
  readonly capacity?: number;
  /** Default 0: not clustered. */
  readonly shards?: number;
  /** Gigabytes of data, where it is known: the new cache is then made for it. */
  readonly dataGB?: number;
  readonly plaintext?: boolean;
  readonly geoReplicated?: boolean;
  /** Whether firewall rules, several databases, keyspace notifications … are in use is for the reader to say: see `without`. */
  readonly resourceGroup?: string;
}

/** One step, in order. */
export interface MigrationStep {
  readonly title: string;
  readonly does: string;
  readonly commands: readonly string[];
  /** What does not work meanwhile; `nothing` where all goes on. */
  readonly down: string;
}

/** The whole move. */
export interface MigrationPlan {
  readonly from: string;
  readonly to: string;
  /** The size of Azure Managed Redis that fits; `null` for the other target. */
  readonly sku: string | null;
  readonly before: {
    readonly connectionString: string;
    readonly ports: readonly string[];
    readonly zone: string | null;
  };
  readonly after: {
    readonly connectionString: string;
    readonly ports: readonly string[];
    readonly zone: string;
  };
  readonly steps: readonly MigrationStep[];
  /** What has no counterpart, or another one. */
  readonly without: readonly string[];
  readonly dates: readonly string[];
}

/**
 * Plans the move of a cache that is inside a virtual network. It cannot be converted: every way makes a new cache, moves the data and
 * switches clients over.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for a size that does not exist
 */
export function planMigration(request: MigrationRequest): MigrationPlan {
  const { name, region, target, capacity = 1, shards = 0 } = request;
  const perShard = premiumSizesGB[capacity];
  if (perShard === undefined)
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      "capacity must be a whole number from 1 to 5, for P1 to P5.",
    );
  const data = request.dataGB ?? perShard * Math.max(1, shards);
  const isManaged = target === "managed";
  const sku = isManaged ? skuFor(data, request.geoReplicated === true) : null;
  const clustered = shards > 0;
  const oldHost = `${name}.redis.cache.windows.net`;
  const newName = isManaged ? name : `${name}-pe`;
  const newHost = isManaged ? `${newName}.${region}.redis.azure.net` : `${newName}.redis.cache.windows.net`;
  const { zone, group } = privateLinkNames[isManaged ? "managed" : "redis"];
  const port = isManaged ? 10_000 : 6380;
  return {
    from: `${name}, Premium P${capacity}${clustered ? ` with ${shards} shards` : ""}, inside a virtual network`,
    to: isManaged
      ? `Azure Managed Redis ${sku?.name ?? ""} with a private endpoint`
      : "Premium with a private endpoint",
    sku: sku?.name ?? null,
    before: {
      connectionString: `${oldHost}:6380,password=…,ssl=True,abortConnect=False`,
      ports: [
        "6380",
        ...(request.plaintext ? ["6379"] : []),
        ...(clustered ? ["10221-10231", "13000-13999", "15000-15999"] : []),
      ],
      zone: null,
    },
    after: {
      connectionString: `${newHost}:${port},password=…,ssl=True,abortConnect=False`,
      ports: isManaged
        ? ["10000", ...(clustered ? ["8500-8599"] : [])]
        : ["6380", ...(clustered ? ["13000-13999", "15000-15999"] : [])],
      zone,
    },
    steps: stepsOf(request, { oldHost, newHost, newName, port, zone, group, sku, clustered, isManaged }),
    without: isManaged ? managedWithout(request, clustered) : endpointWithout(request, clustered),
    dates: datesOf(isManaged),
  };
}

/** The smallest Balanced size whose memory, a fifth of it reserved, holds the data. */
function skuFor(dataGB: number, geo: boolean): ManagedSku {
  const found = managedSkus
    .filter(({ name, activeGeo }) => name.startsWith("Balanced_") && (activeGeo || !geo))
    .toSorted((a, b) => a.sizeGB - b.sizeGB)
    .find(({ usableGB }) => usableGB >= dataGB);
  if (found !== undefined) return found;
  throw new RedoubtError("CONFIG_INVALID_VALUE", `No size of tier Balanced holds ${dataGB} GB of data.`, {
    hint: "Say how much data there is, or choose a Flash or memory-optimized size by hand.",
  });
}

interface Names {
  readonly oldHost: string;
  readonly newHost: string;
  readonly newName: string;
  readonly port: number;
  readonly zone: string;
  readonly group: string;
  readonly sku: ManagedSku | null;
  readonly clustered: boolean;
  readonly isManaged: boolean;
}

function stepsOf(request: MigrationRequest, names: Names): MigrationStep[] {
  const { resourceGroup: rg = "GROUP", region, capacity = 1, shards = 0 } = request;
  const { newName, zone, group, isManaged, clustered, oldHost, newHost, port, sku } = names;
  const policy = clustered ? "OSSCluster" : "NoCluster";
  const create = isManaged
    ? `az redisenterprise create -g ${rg} -n ${newName} -l ${region} --sku ${sku?.name ?? ""} --public-network-access Disabled --client-protocol Encrypted --clustering-policy ${policy}`
    : `az redis create -g ${rg} -n ${newName} -l ${region} --sku Premium --vm-size P${capacity}${shards > 0 ? ` --shard-count ${shards}` : ""}`;
  const id = `$(az ${isManaged ? "redisenterprise" : "redis"} show -g ${rg} -n ${newName} --query id -o tsv)`;
  return [
    {
      title: "Take stock",
      does: "Count data, databases in use, connections, commands; look for what has no counterpart below.",
      commands: [`redoubt network check exports/`, `az redis show -g ${rg} -n ${request.name} -o json`],
      down: "nothing",
    },
    {
      title: "Make the zone first",
      does: `Create ${zone} and link it to every network with clients, before there is an endpoint.`,
      commands: [
        `az network private-dns zone create -g ${rg} -n ${zone}`,
        `az network private-dns link vnet create -g ${rg} -z ${zone} -n clients -v VNET -e false`,
      ],
      down: "nothing",
    },
    {
      title: "Create the new cache",
      does:
        isManaged && !clustered && (sku?.sizeGB ?? 0) > 25
          ? "Without clustering 25 GB are the most: this size needs OSSCluster, and clients that know clusters, or EnterpriseCluster."
          : isManaged
            ? "Both run side by side until the last step."
            : "It needs another name than the old one; both run side by side until the last step.",
      commands: [create],
      down: "nothing",
    },
    {
      title: "Create its private endpoint",
      does: "In a subnet of its own or with others; not in the subnet of the old cache.",
      commands: [
        `az network private-endpoint create -g ${rg} -n ${newName}-endpoint --subnet SUBNET_ID --private-connection-resource-id "${id}" --group-id ${group} --connection-name ${newName}`,
        `az network private-endpoint dns-zone-group create -g ${rg} --endpoint-name ${newName}-endpoint -n default --private-dns-zone ${zone} --zone-name redis`,
      ],
      down: "nothing",
    },
    {
      title: "Try it",
      does: `From a machine of a client network: the name must be private, and answer on ${port}.`,
      commands: [`redoubt ping '${newHost}:${port},ssl=True,password=…'`],
      down: "nothing",
    },
    ...dataSteps(request, names),
    {
      title: "Switch clients over",
      does: `Replace ${oldHost}:6380 by ${newHost}:${port} and the credential${clustered && isManaged ? "; clients must know clusters" : ""}. Do it at a quiet hour.`,
      commands: [],
      down: "each client once, while it connects anew",
    },
    {
      title: "Delete the old cache",
      does: "When no client is left. Its subnet can be deleted some time later: until then Azure answers InUseSubnetCannotBeDeleted.",
      commands: [`az redis delete -g ${rg} -n ${request.name}`],
      down: "nothing",
    },
  ];
}

function dataSteps(
  { name, data = "export-import", resourceGroup: rg = "GROUP" }: MigrationRequest,
  { newName, isManaged }: Names,
): MigrationStep[] {
  switch (data) {
    case "empty":
      return [
        {
          title: "Begin empty",
          does: "Nothing is moved; the new cache fills itself.",
          commands: [],
          down: "the cache is cold after the switch",
        },
      ];
    case "dual-write":
      return [
        {
          title: "Write to both",
          does: "Let the application write to both caches for the longest time to live of its keys, and read from the old one.",
          commands: [],
          down: "nothing",
        },
      ];
    case "copy":
      return [
        {
          title: "Copy",
          does: "Flush the new cache, never the old one; then copy from a machine in the region, for example with RIOT-X, and keep it running until the switch.",
          commands: [],
          down: "nothing; writes of the last moments may be missing",
        },
      ];
    case "export-import":
      return [
        {
          title: "Export and import",
          does: "The snapshot has what was there when it was taken; the storage account must be in the region of the new cache.",
          commands: [
            `az redis export -g ${rg} -n ${name} --prefix move --container CONTAINER_SAS_URL`,
            isManaged
              ? `az redisenterprise database import -g ${rg} --cluster-name ${newName} --sas-uris BLOB_SAS_URL`
              : `az redis import -g ${rg} -n ${newName} --files BLOB_SAS_URL`,
          ],
          down: "writes from the export until the switch: stop them, or lose them",
        },
      ];
  }
}

function managedWithout({ plaintext, geoReplicated }: MigrationRequest, clustered: boolean): string[] {
  return [
    "Injection into a subnet and IP firewall rules: a private endpoint and publicNetworkAccess Disabled take their place.",
    "Databases other than 0: SELECT of another fails.",
    "Reboot: there is none.",
    "Access keys are off by default: use Microsoft Entra ID, or turn them on before clients connect (turning them drops all connections).",
    "Entra groups: assign each identity by itself.",
    plaintext
      ? "TLS and plain text side by side: all clients use one of the two, on the same port. Choose TLS."
      : "A port for plain text: port 10000 speaks TLS, or plain text for all.",
    geoReplicated
      ? "Passive geo-replication: active geo-replication of up to five instances takes its place, without a command for failover; FLUSHALL and FLUSHDB are blocked."
      : "Passive geo-replication: active geo-replication takes its place, should you need one.",
    clustered
      ? "Ports of shards by arithmetic (13xxx, 15xxx): nodes are on 85xx, and change; ask the cluster."
      : "A cache that is not clustered may have 25 GB; larger ones answer MOVED and CROSSSLOT to clients that do not know clusters.",
    "The migration tool of Azure: it refuses caches inside a virtual network.",
  ];
}

function endpointWithout({ geoReplicated }: MigrationRequest, clustered: boolean): string[] {
  return [
    "A static address of your choice: the endpoint has its own; use the name.",
    ...(clustered ? ["More than one private endpoint: a clustered cache has one."] : []),
    ...(geoReplicated ? ["Adding an endpoint while caches are linked: unlink, add, link again."] : []),
    "Deleting the last endpoint leaves the cache unreachable, until public access is enabled or another endpoint added.",
  ];
}

function datesOf(isManaged: boolean): string[] {
  const { redis } = retirements;
  if (redis === null) return [];
  return [
    `${redis.closedToNew}: new customers cannot create an Azure Cache for Redis any more.`,
    `${redis.retired}: Basic, Standard and Premium are retired; what is left is switched off on ${redis.disabled}.`,
    ...(isManaged ? [] : ["The new Premium cache has the same end: this way only postpones the move."]),
  ];
}

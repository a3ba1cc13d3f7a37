import { nearestName } from "@redoubt/client/config";
import { managedSkus } from "@redoubt/network";
import { known } from "../setting.ts";
import { judgeTags } from "../tags.ts";
import type { Finding } from "../violation.ts";
import type { ManagedCluster, ManagedDatabase } from "./shape.ts";
import { managedSkuNames, retiringSkuNames } from "./skus.ts";

/** What {@link judgeManaged} looks at. */
export interface ManagedSettings {
  readonly cluster: ManagedCluster;
  readonly database: ManagedDatabase;
}

const namePattern = /^(?=.{1,60}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/;

/**
 * Everything that Azure would refuse of a new Azure Managed Redis, as far as it can be told before. Expressions of the template are
 * not judged. Sources: the schema of the API version 2025-07-01 and Microsoft's pages on clustering, modules, persistence and
 * geo-replication.
 */
export function* judgeManaged({ cluster, database }: ManagedSettings): Generator<Finding> {
  const name = known(cluster.name);
  if (name !== undefined && !namePattern.test(name))
    yield {
      key: "cluster.name",
      message: `"${name}" is no name of an Azure Managed Redis: 1 to 60 letters, digits and single hyphens between them.`,
      fix: "Choose another name, or leave it out: then it is made of the resource's name.",
    };
  yield* judgeSku(cluster);
  yield* judgePolicy(cluster, database);
  yield* judgeModules(cluster, database);
  yield* judgePersistence(database);
  yield* judgeGeoReplication(cluster, database);
  yield* judgeEncryption(cluster);
  yield* judgeZones(cluster);
  yield* judgeTags("cluster.tags", cluster.tags);
}

function* judgeSku({ sku, minimumTlsVersion }: ManagedCluster): Generator<Finding> {
  const name: string | undefined = known(sku.name);
  if (name !== undefined && !(managedSkuNames as readonly string[]).includes(name))
    yield retiringSkuNames.includes(name)
      ? {
          key: "cluster.sku.name",
          message: `${name} is a size of Azure Cache for Redis Enterprise, which retires on 2027-03-31 and cannot be created any more.`,
          fix: "Choose a size of Azure Managed Redis: Balanced_, MemoryOptimized_, ComputeOptimized_ or FlashOptimized_.",
        }
      : {
          key: "cluster.sku.name",
          message: `"${name}" is no size of Azure Managed Redis.`,
          fix: `Choose one of them, for example ${nearestName(name, managedSkuNames) ?? "Balanced_B0"}.`,
        };
  const version: string | undefined = known(minimumTlsVersion);
  if (version !== undefined && version !== "1.2")
    yield {
      key: "cluster.minimumTlsVersion",
      message: `Azure Managed Redis speaks TLS 1.2 and 1.3, and has no other lower bound than 1.2.`,
      fix: 'Set it to "1.2".',
    };
}

function* judgePolicy({ sku }: ManagedCluster, database: ManagedDatabase): Generator<Finding> {
  const row = managedSkus.find(({ name }) => name === known(sku.name));
  if (known(database.clusteringPolicy) === "NoCluster" && row !== undefined && !row.noCluster)
    yield {
      key: "database.clusteringPolicy",
      message: `NoCluster is for sizes up to 25 GB that are not on flash; ${row.name} has ${row.sizeGB} GB.`,
      fix: "Choose EnterpriseCluster, which needs no cluster client either, or a smaller size.",
    };
  if (database.clientProtocol === "Plaintext" && database.accessKeysAuthentication === "Disabled")
    yield {
      key: "database.clientProtocol",
      message: "Microsoft Entra ID is there with TLS only, and this database has no access keys.",
      fix: "Leave clientProtocol at Encrypted, or call withAccessKeyAuthentication().",
    };
}

function* judgeModules({ sku }: ManagedCluster, database: ManagedDatabase): Generator<Finding> {
  const names = database.modules.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    const key = `database.modules[${index}]`;
    if (names.indexOf(name) !== index)
      yield { key, message: `${name} is there twice.`, fix: "Take one of them away." };
    if (name === "RediSearch" && known(sku.name)?.startsWith("FlashOptimized_") === true)
      yield {
        key,
        message: "RediSearch is not there on flash.",
        fix: "Choose a size that is not FlashOptimized.",
      };
  }
  if (!names.includes("RediSearch")) return;
  if (known(database.clusteringPolicy ?? "OSSCluster") === "OSSCluster")
    yield {
      key: "database.clusteringPolicy",
      message: `RediSearch does not work with OSSCluster${database.clusteringPolicy === undefined ? ", Azure's default" : ""}.`,
      fix: "Set clusteringPolicy to EnterpriseCluster.",
    };
  if (
    known(database.evictionPolicy ?? "VolatileLRU") !== undefined &&
    database.evictionPolicy !== "NoEviction"
  )
    yield {
      key: "database.evictionPolicy",
      message: "RediSearch needs NoEviction, because it cannot lose keys of an index.",
      fix: "Set evictionPolicy to NoEviction.",
    };
}

function* judgePersistence({ persistence, geoReplication }: ManagedDatabase): Generator<Finding> {
  if (persistence === undefined) return;
  const key = "database.persistence";
  const aof = known(persistence.aofEnabled) === true;
  const rdb = known(persistence.rdbEnabled) === true;
  if (aof && rdb)
    yield { key, message: "Snapshots and the log of writes exclude each other.", fix: "Enable one of them." };
  if ((aof || rdb) && geoReplication !== undefined)
    yield {
      key,
      message: "A database with active geo-replication cannot be persistent.",
      fix: "Take persistence or geoReplication away.",
    };
  if (aof && persistence.aofFrequency === undefined)
    yield { key: `${key}.aofFrequency`, message: "How often is not said.", fix: 'Set it to "1s".' };
  if (known(persistence.aofFrequency) === "always")
    yield {
      key: `${key}.aofFrequency`,
      severity: "warning",
      message: '"always" is deprecated.',
      fix: 'Set it to "1s".',
    };
  if (rdb && persistence.rdbFrequency === undefined)
    yield {
      key: `${key}.rdbFrequency`,
      message: "How often is not said.",
      fix: 'Set it to "1h", "6h" or "12h".',
    };
}

function* judgeGeoReplication(
  { sku, highAvailability }: ManagedCluster,
  { geoReplication, modules }: ManagedDatabase,
): Generator<Finding> {
  if (geoReplication === undefined) return;
  const key = "database.geoReplication";
  const row = managedSkus.find(({ name }) => name === known(sku.name));
  if (row?.activeGeo === false)
    yield {
      key,
      message: `${row.name} cannot have active geo-replication.`,
      fix: "Choose Balanced_B3 or larger.",
    };
  if (known(highAvailability) === "Disabled")
    yield {
      key,
      message: "Active geo-replication needs high availability.",
      fix: "Do not disable cluster.highAvailability.",
    };
  const count = geoReplication.linkedDatabases.length;
  if (count < 1 || count > 5)
    yield {
      key: `${key}.linkedDatabases`,
      message: `A group has one to five databases, this one included; there are ${count}.`,
      fix: "Name between one and five.",
    };
  for (const [index, { name }] of modules.entries())
    if (name !== "RediSearch" && name !== "RedisJSON")
      yield {
        key: `database.modules[${index}]`,
        message: `${name} is not there with active geo-replication, only RediSearch and RedisJSON are.`,
        fix: "Take the module or geoReplication away.",
      };
}

function* judgeEncryption({ encryption, identities }: ManagedCluster): Generator<Finding> {
  if (encryption === undefined) return;
  const url = known(encryption.keyEncryptionKeyUrl);
  if (url !== undefined && !/^https:\/\/[^/]+\/keys\/[^/]+\/[^/]+$/.test(url))
    yield {
      key: "cluster.encryption.keyEncryptionKeyUrl",
      message: "The URL does not name a version of a key.",
      fix: "Write it as https://VAULT.vault.azure.net/keys/NAME/VERSION.",
    };
  if (identities.length === 0)
    yield {
      key: "cluster.identities",
      message: "The cluster has no identity that could read its key.",
      fix: "Add encryption.userAssignedIdentityResourceId to cluster.identities.",
    };
}

function* judgeZones({ zones }: ManagedCluster): Generator<Finding> {
  for (const [index, setting] of zones.entries()) {
    const zone = known(setting);
    if (zone !== undefined && !/^[1-9]\d*$/.test(zone))
      yield {
        key: `cluster.zones[${index}]`,
        message: `"${zone}" is no availability zone.`,
        fix: 'Zones are "1", "2" and "3".',
      };
    if (zone !== undefined && zones.indexOf(zone) !== index)
      yield { key: `cluster.zones[${index}]`, message: `Zone ${zone} is there twice.`, fix: "Name it once." };
  }
}

import { managedSkus } from "@redoubt/network";
import { describe, expect, test } from "vitest";
import type { ClassicRedisInfrastructure } from "../../../../src/resources/azure/classic/infrastructure.ts";
import type { ManagedRedisInfrastructure } from "../../../../src/resources/azure/managed/infrastructure.ts";
import { managedSkuNames } from "../../../../src/resources/azure/managed/skus.ts";
import { param } from "../../../../src/template/expr.ts";
import { appFor } from "./kit.ts";

const managed = (configure: (infra: ManagedRedisInfrastructure) => void, keys = false) => {
  const cache = appFor("publish").addAzureManagedRedis("cache").configureInfrastructure(configure);
  return (keys ? cache.withAccessKeyAuthentication() : cache).judge();
};

test("the names of all sizes are those of the table of @redoubt/network", () => {
  expect(managedSkuNames.length).toBe(44);
  expect([...managedSkuNames]).toEqual(managedSkus.map(({ name }) => name));
});

describe("what Azure would refuse of a managed one", () => {
  const cases: [what: string, key: string, configure: (infra: ManagedRedisInfrastructure) => void][] = [
    [
      "a size that is none",
      "cluster.sku.name",
      ({ cluster }) => void Object.assign(cluster.sku, { name: "Balanced_B2" }),
    ],
    [
      "a size of the retiring product",
      "cluster.sku.name",
      ({ cluster }) => void Object.assign(cluster.sku, { name: "Enterprise_E10" }),
    ],
    [
      "TLS 1.0",
      "cluster.minimumTlsVersion",
      ({ cluster }) => void Object.assign(cluster, { minimumTlsVersion: "1.0" }),
    ],
    ["a name with two hyphens", "cluster.name", ({ cluster }) => void (cluster.name = "a--b")],
    [
      "NoCluster above 25 GB",
      "database.clusteringPolicy",
      ({ cluster, database }) => {
        cluster.sku.name = "Balanced_B50";
        database.clusteringPolicy = "NoCluster";
      },
    ],
    [
      "NoCluster on flash",
      "database.clusteringPolicy",
      ({ cluster, database }) => {
        cluster.sku.name = "FlashOptimized_A250";
        database.clusteringPolicy = "NoCluster";
      },
    ],
    [
      "plain text with Microsoft Entra ID",
      "database.clientProtocol",
      ({ database }) => void (database.clientProtocol = "Plaintext"),
    ],
    [
      "RediSearch with Azure's default policy",
      "database.clusteringPolicy",
      ({ database }) => {
        database.modules.push({ name: "RediSearch" });
        database.evictionPolicy = "NoEviction";
      },
    ],
    [
      "RediSearch with eviction",
      "database.evictionPolicy",
      ({ database }) => {
        database.modules.push({ name: "RediSearch" });
        database.clusteringPolicy = "EnterpriseCluster";
      },
    ],
    [
      "a module twice",
      "database.modules[1]",
      ({ database }) => void database.modules.push({ name: "RedisJSON" }, { name: "RedisJSON" }),
    ],
    [
      "both kinds of persistence",
      "database.persistence",
      ({ database }) => {
        database.persistence = { aofEnabled: true, aofFrequency: "1s", rdbEnabled: true, rdbFrequency: "1h" };
      },
    ],
    [
      "snapshots without a frequency",
      "database.persistence.rdbFrequency",
      ({ database }) => void (database.persistence = { rdbEnabled: true }),
    ],
    [
      "geo-replication of the smallest size",
      "database.geoReplication",
      ({ database }) => {
        database.geoReplication = { groupNickname: "g", linkedDatabases: [{ id: "/x" }] };
      },
    ],
    [
      "a group of six",
      "database.geoReplication.linkedDatabases",
      ({ cluster, database }) => {
        cluster.sku.name = "Balanced_B3";
        database.geoReplication = {
          groupNickname: "g",
          linkedDatabases: Array.from({ length: 6 }, () => ({ id: "/x" })),
        };
      },
    ],
    [
      "geo-replication without high availability",
      "database.geoReplication",
      ({ cluster, database }) => {
        cluster.sku.name = "Balanced_B3";
        cluster.highAvailability = "Disabled";
        database.geoReplication = { groupNickname: "g", linkedDatabases: [{ id: "/x" }] };
      },
    ],
    [
      "a key without its version",
      "cluster.encryption.keyEncryptionKeyUrl",
      ({ cluster }) => {
        cluster.identities.push("/i");
        cluster.encryption = {
          keyEncryptionKeyUrl: "https://v.vault.azure.net/keys/k",
          userAssignedIdentityResourceId: "/i",
        };
      },
    ],
    [
      "a key without an identity",
      "cluster.identities",
      ({ cluster }) => {
        cluster.encryption = {
          keyEncryptionKeyUrl: "https://v.vault.azure.net/keys/k/1",
          userAssignedIdentityResourceId: "/i",
        };
      },
    ],
    ["a zone twice", "cluster.zones[1]", ({ cluster }) => void cluster.zones.push("1", "1")],
    ["a tag with a bad name", 'cluster.tags["a?"]', ({ cluster }) => void (cluster.tags["a?"] = "b")],
  ];

  test.each(cases)("%s", (_what, key, configure) => {
    const found = managed(configure);
    expect(found).toMatchObject([{ resource: "cache", key, severity: "error" }]);
    expect(found[0]?.fix).toMatch(/\.$/);
    expect(found[0]?.where).toMatch(/^addAzureManagedRedis at .*judge\.test\.ts:\d+:\d+$/);
  });

  test("what is deprecated is a warning", () => {
    expect(
      managed(({ database }) => {
        database.persistence = { aofEnabled: true, aofFrequency: "always" };
      }),
    ).toMatchObject([{ severity: "warning", key: "database.persistence.aofFrequency" }]);
  });

  test("what only the deployment knows is not judged, and the defaults are good", () => {
    expect(managed(() => {})).toEqual([]);
    expect(
      managed((infra) => {
        infra.cluster.sku.name = infra.parameter("size");
        infra.database.clusteringPolicy = param("size");
      }),
    ).toEqual([]);
    expect(managed(({ database }) => void (database.clientProtocol = "Plaintext"), true)).toEqual([]);
  });
});

describe("what Azure would refuse of a classic one", () => {
  const classic = (configure: (infra: ClassicRedisInfrastructure) => void) =>
    appFor("publish").addAzureRedis("cache").configureInfrastructure(configure).judge();
  const cases: [what: string, key: string, configure: (infra: ClassicRedisInfrastructure) => void][] = [
    ["a family that is not the tier's", "cache.sku.family", ({ cache }) => void (cache.sku.family = "P")],
    ["a size that is none", "cache.sku.capacity", ({ cache }) => void (cache.sku.capacity = 7)],
    ["shards of Basic", "cache.shardCount", ({ cache }) => void (cache.shardCount = 2)],
    [
      "persistence of Basic",
      "cache.redisConfiguration",
      ({ cache }) => {
        cache.redisConfiguration["rdb-backup-enabled"] = "true";
        cache.redisConfiguration["rdb-storage-connection-string"] = "x";
      },
    ],
    [
      "neither keys nor identities",
      "cache.disableAccessKeyAuthentication",
      ({ cache }) => {
        delete cache.redisConfiguration["aad-enabled"];
      },
    ],
    [
      "nobody needs a password, in public",
      "cache.redisConfiguration.authnotrequired",
      ({ cache }) => {
        cache.redisConfiguration.authnotrequired = "true";
      },
    ],
    ["a bad name", "cache.name", ({ cache }) => void (cache.name = "-a")],
  ];

  test.each(cases)("%s", (_what, key, configure) => {
    expect(classic(configure)).toMatchObject([{ resource: "cache", key, severity: "error" }]);
  });

  test("the default is good", () => {
    expect(classic(() => {})).toEqual([]);
  });
});

import { expect, test } from "vitest";
import type { ClassicRedisInfrastructure } from "../../../../src/resources/azure/classic/infrastructure.ts";
import { judgeFrozen } from "../../../../src/resources/azure/frozen.ts";
import type { ManagedRedisInfrastructure } from "../../../../src/resources/azure/managed/infrastructure.ts";
import { arm } from "../../../../src/template/arm.ts";
import { appFor } from "./kit.ts";

const managed = (configure: (infra: ManagedRedisInfrastructure) => void = () => {}) =>
  arm(appFor("publish").addAzureManagedRedis("cache").configureInfrastructure(configure).infrastructure());
const classic = (configure: (infra: ClassicRedisInfrastructure) => void = () => {}) =>
  arm(
    appFor("publish")
      .addAzureRedis("cache", { tier: "Standard" })
      .configureInfrastructure(configure)
      .infrastructure(),
  );
const keys = (before: unknown, after: unknown) =>
  [...judgeFrozen(before, after)].map(({ key, severity = "error" }) => `${severity} ${key}`);

test("what Azure takes at creation only", () => {
  expect(
    keys(
      managed(),
      managed(({ database }) => void (database.clusteringPolicy = "EnterpriseCluster")),
    ),
  ).toEqual(["error Microsoft.Cache/redisEnterprise/databases.clusteringPolicy"]);
  expect(
    keys(
      managed(),
      managed(({ database }) => void database.modules.push({ name: "RedisJSON" })),
    ),
  ).toEqual(["error Microsoft.Cache/redisEnterprise/databases.modules"]);
  expect(
    keys(
      managed(),
      managed(({ cluster }) => void (cluster.sku.name = "FlashOptimized_A250")),
    ),
  ).toEqual(["error Microsoft.Cache/redisEnterprise.sku.name"]);
  const basic = classic(({ cache }) => void (cache.sku.name = "Basic"));
  expect(keys(classic(), basic)).toEqual(["error Microsoft.Cache/redis.sku.name"]);
  expect(
    keys(
      classic(),
      classic(({ cache }) => void cache.zones.push("1")),
    ),
  ).toEqual(["error Microsoft.Cache/redis.zones"]);
  expect(keys(basic, classic())).toEqual([]);
});

test("another name is another resource", () => {
  expect(
    keys(
      managed(),
      managed(({ cluster }) => void (cluster.name = "other")),
    ),
  ).toEqual([
    "warning Microsoft.Cache/redisEnterprise.name",
    "warning Microsoft.Cache/redisEnterprise/databases.name",
  ]);
});

test("everything else can be changed, and the default of Azure is the same whether it is said or not", () => {
  const said = managed(({ cluster, database }) => {
    cluster.sku.name = "MemoryOptimized_M10";
    cluster.highAvailability = "Disabled";
    database.evictionPolicy = "NoEviction";
    database.clusteringPolicy = "OSSCluster";
  });
  expect(keys(managed(), said)).toEqual([]);
  const none = managed(({ database }) => void (database.clusteringPolicy = "NoCluster"));
  expect(keys(none, said)).toEqual([]);
  expect(keys(said, none)).toEqual(["error Microsoft.Cache/redisEnterprise/databases.clusteringPolicy"]);
});

test("what only the deployment knows is not judged, nor what was not there", () => {
  const late = managed((infra) => void (infra.database.clusteringPolicy = infra.parameter("policy")));
  expect(keys(late, managed())).toEqual([]);
  expect(keys({}, managed())).toEqual([]);
  expect(keys(undefined, managed())).toEqual([]);
});

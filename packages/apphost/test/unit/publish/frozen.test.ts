import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createBuilder } from "../../../src/builder.ts";
import { publish } from "../../../src/publish/publish.ts";
import type { ClusteringPolicy } from "../../../src/resources/azure/managed/shape.ts";

test("what Azure takes at creation only is said when it is other than before", async () => {
  const folder = await mkdtemp(join(tmpdir(), "redoubt-frozen-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const output = join(folder, "out");
  const write = async (policy: ClusteringPolicy) => {
    const app = createBuilder({
      operation: "publish",
      file: join(folder, "apphost.ts"),
      home: folder,
      variables: {},
      args: [],
    });
    app.addAzureManagedRedis("cache").configureInfrastructure(({ database }) => {
      database.clusteringPolicy = policy;
    });
    return (await publish(app, { output })).warnings;
  };
  expect(await write("OSSCluster")).toEqual([]);
  expect(await write("OSSCluster")).toEqual([]);
  expect(await write("EnterpriseCluster")).toMatchObject([
    {
      resource: "cache",
      severity: "warning",
      key: "Microsoft.Cache/redisEnterprise/databases.clusteringPolicy",
      message: "It was OSSCluster and is to be EnterpriseCluster, and Azure takes it at creation only.",
    },
  ]);
  await writeFile(join(output, "cache", "cache.json"), "{");
  await expect(write("OSSCluster")).rejects.toThrow(/cache\.json/);
});

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { provision } from "../../src/provision/provision.ts";
import { Stage } from "../standin/stage.ts";
import { cacheUnit } from "../standin/templates.ts";

test("After kill -9 in the middle, a second run takes up what goes on", async () => {
  await using stage = await Stage.open();
  const { azure, app } = stage;
  const release = azure.hold(/redisEnterprise/);
  const child = fork(fileURLToPath(new URL("../standin/deploy-once.mjs", import.meta.url)), { execArgv: [] });
  const configuration = {
    "Azure:ResourceManagerEndpoint": azure.endpoint,
    "Azure:SubscriptionId": azure.subscription,
    "Azure:Location": "westeurope",
  };
  const { settled: _, failed: __, ...unit } = cacheUnit().unit;
  const token = azure.mint.issue(azure.endpoint);
  child.send({
    unit,
    configuration,
    token,
    stateFolder: stage.folder,
    app,
    appName: "todos",
    mode: "run",
    ca: azure.ca,
    variables: {},
  });
  await expect.poll(() => azure.deployment("cache")?.active).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");

  const second = provision([cacheUnit().unit], stage.options());
  await expect.poll(() => stage.told).toContain("cache: Waiting for Deployment");
  release();
  expect(await second).toMatchObject({ ok: true, units: [{ end: "adopted" }] });
  expect(stage.asked("PUT").filter((path) => path.endsWith("/deployments/cache"))).toHaveLength(1);
});

import { expect, test } from "vitest";
import { RunGround, written } from "../../run-ground.ts";
import { Stage } from "../../standin/stage.ts";

test("a Redis that nothing stands in for is provisioned in Azure, and whoever waits for it gets its string", async () => {
  await using stage = await Stage.open({ upn: "dev@example.com" });
  const ground = await RunGround.create();
  const app = ground.builder();
  const { azure } = stage;
  for (const [key, value] of [
    ["Azure:ResourceManagerEndpoint", azure.endpoint],
    ["Azure:SubscriptionId", azure.subscription],
    ["Azure:Location", "westeurope"],
  ] as const)
    app.configuration.keep(key, value);
  const cache = app.addAzureManagedRedis("cache").withAccessKeyAuthentication();
  const script = await ground.write("job.mjs", "console.log(process.env.ConnectionStrings__cache);");
  app.addExecutable("job", process.execPath, ".", [script]).withReference(cache).waitFor(cache);
  const states = new Set<string>();
  const engine = await ground.start(app, {
    azure: { credential: azure.credential, ca: azure.ca, timing: { poll: 10, longestPoll: 20 } },
    onReady: (ready) => void ready.watch(({ name, state }) => void (name === "cache" && states.add(state))),
  });
  await engine.waitFor("job", "Finished", { timeout: 30_000 });
  expect(written(engine, "job")).toEqual([
    expect.stringMatching(
      /^\*{5}$|^cache-[a-z2-7]{13}\.westeurope\.redis\.azure\.net:10000,ssl=true,password=\*{5}$/,
    ),
  ]);
  expect([...states]).toEqual(expect.arrayContaining(["Creating ARM Deployment", "Provisioned", "Running"]));
  expect(engine.snapshots().find(({ name }) => name === "cache-kv-roles")?.state).toBe("Running");
  await engine.stop();
  expect(azure.store.all().some(({ type }) => /redisEnterprise$/i.test(type))).toBe(true);
});

test("what Azure refuses fails the resource with Azure's words, and the rest goes on", async () => {
  await using stage = await Stage.open();
  const ground = await RunGround.create();
  const app = ground.builder();
  const { azure } = stage;
  azure.work({ id: /redisEnterprise/, error: { code: "QuotaExceeded", message: "No more caches here." } });
  for (const [key, value] of [
    ["Azure:ResourceManagerEndpoint", azure.endpoint],
    ["Azure:SubscriptionId", azure.subscription],
    ["Azure:Location", "westeurope"],
  ] as const)
    app.configuration.keep(key, value);
  app.addAzureManagedRedis("cache");
  app.addExecutable("job", process.execPath, ".", [await ground.write("job.mjs", "console.log(1);")]);
  const engine = await ground.start(app, {
    azure: { credential: azure.credential, ca: azure.ca, timing: { poll: 10 } },
  });
  await engine.waitFor("cache", "FailedToStart", { timeout: 30_000 });
  await engine.waitFor("job", "Finished", { timeout: 30_000 });
  expect(engine.snapshots().find(({ name }) => name === "cache")?.message).toContain("QuotaExceeded");
  await engine.stop();
});

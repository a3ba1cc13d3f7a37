import { expect, test } from "vitest";
import { RunGround, written } from "../../run-ground.ts";

test("a parameter without a value is ValueMissing, who uses it waits, and goes on when it is given", async () => {
  const ground = await RunGround.create();
  const describe = () => {
    const app = ground.builder();
    const key = app.addParameter("api-key", { secret: true });
    app
      .addExecutable("user", process.execPath, ".", ["-e", "console.log('key', process.env.KEY)"])
      .withEnvironment("KEY", key);
    return app;
  };
  const engine = await ground.start(describe());
  const missing = await engine.waitFor("api-key", "ValueMissing", { timeout: 20_000 });
  expect(missing.message).toBe("no value: set Parameters__api_key");
  const waiting = await engine.waitFor("user", "Waiting", { timeout: 20_000 });
  expect(waiting.waitingFor).toEqual(["api-key"]);
  expect(waiting.message).toContain("set Parameters__api_key");
  await engine.setParameter("api-key", "s3cret-value", { keep: true });
  await engine.waitFor("user", "Finished", { timeout: 20_000 });
  expect(written(engine, "user")).toEqual(["key *****"]);
  expect(JSON.stringify(engine.snapshots())).not.toContain("s3cret-value");
  await engine.stop();

  const again = await ground.start(describe());
  await again.waitFor("user", "Finished", { timeout: 20_000 });
  expect(again.snapshot("api-key").state).toBe("Running");
});

test("programs do not inherit parameters and connection strings of the app that they do not refer to", async () => {
  const ground = await RunGround.create();
  Object.assign(ground.variables, {
    Parameters__token: "hidden-one",
    ConnectionStrings__db: "hidden-two",
    PLAIN: "seen",
  });
  const app = ground.builder();
  app.addParameter("token", { secret: true });
  app.addConnectionString("db");
  const script = "console.log(Object.keys(process.env).filter((name) => /token|db|PLAIN/.test(name)).join())";
  app.addExecutable("user", process.execPath, ".", ["-e", script]);
  const engine = await ground.start(app);
  await engine.waitFor("user", "Finished", { timeout: 20_000 });
  expect(written(engine, "user")).toEqual(["PLAIN"]);
});

test("commands of the file are called, and those that are not possible are refused", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  app
    .addExecutable("web", process.execPath, ".", ["-e", "setInterval(() => {}, 1000)"])
    .withCommand("greet", "Greet", ({ logger }) => {
      logger.info("hello from the command");
      return Promise.resolve({ success: true, message: "greeted" });
    })
    .withCommand("never", "Never", () => Promise.resolve({ success: true }), { enabled: () => false })
    .withCommand("broken", "Broken", () => Promise.reject(new Error("out of order")));
  const engine = await ground.start(app);
  await engine.waitFor("web", "healthy", { timeout: 20_000 });
  expect(await engine.execute("web", "greet")).toEqual({ success: true, message: "greeted" });
  expect(engine.logStore.tail("web").map(({ text }) => text)).toContain("hello from the command");
  expect(await engine.execute("web", "never")).toMatchObject({ success: false });
  expect(await engine.execute("web", "broken")).toEqual({ success: false, message: "out of order" });
  await expect(engine.execute("web", "none")).rejects.toMatchObject({
    code: "APP_REFERENCE",
    message: expect.stringContaining("it has start, stop, restart, greet, never, broken"),
  });
});

test("a resource that is started by hand waits for that", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  app.addExecutable("later", process.execPath, ".", ["-e", "console.log('now')"]).withExplicitStart();
  const engine = await ground.start(app);
  expect(engine.snapshot("later").state).toBe("NotStarted");
  await engine.start("later");
  await engine.waitFor("later", "Finished", { timeout: 20_000 });
});

test("a flood of lines fills neither the memory nor the log, and the app can still be told what to do", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  const script = `
    const line = "x".repeat(200) + "\\n";
    let n = 0;
    const more = () => { let i = 0; while (i++ < 1000) { n++; process.stdout.write(n + " " + line); } if (n < 60000) setImmediate(more); else process.stdout.write("y".repeat(100000) + "\\nlast\\n"); };
    more(); setInterval(() => {}, 1000);`;
  app.addExecutable("loud", process.execPath, ".", [await ground.write("loud.mjs", script)]);
  const engine = await ground.start(app);
  await expect.poll(() => written(engine, "loud").at(-1), { timeout: 40_000 }).toBe("last");
  const lines = engine.logStore.tail("loud");
  expect(lines).toHaveLength(10_000);
  expect(lines.at(-2)?.text).toHaveLength(16_385);
  const begun = performance.now();
  await engine.stop("loud");
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test("a container without an engine fails with a word about that, and the rest goes on", async () => {
  const ground = await RunGround.create();
  ground.variables["REDOUBT_CONTAINER_ENGINE"] = "no-engine-here";
  const app = ground.builder();
  app.addContainer("box", "alpine");
  app.addExecutable("good", "true", ".");
  const engine = await ground.start(app);
  const failed = await engine.waitFor("box", "FailedToStart", { timeout: 20_000 });
  expect(failed.message).toContain("No container engine answers (no-engine-here: it is not installed)");
  await engine.waitFor("good", "Finished", { timeout: 20_000 });
});

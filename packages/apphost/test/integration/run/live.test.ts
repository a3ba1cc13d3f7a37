import { stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { runningApps } from "../../../src/run/live/registry.ts";
import { RunGround, webProgram } from "../../run-ground.ts";

test("another process sees the app over its socket, and tells it what to do", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  const key = app.addParameter("key", { secret: true });
  app
    .addExecutable("web", process.execPath, ".", [await ground.write("web.mjs", webProgram)])
    .withHttpEndpoint({ env: "PORT" })
    .withEnvironment("KEY", key)
    .withHttpHealthCheck();
  const engine = await ground.start(app);
  const home = ground.variables["REDOUBT_HOME"] ?? "";
  const [entry, ...others] = await runningApps(home);
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ file: app.file, pid: process.pid, identity: app.identity });
  const remote = entry?.app;
  if (remote === undefined) throw new Error("no app was found");

  const seen: string[] = [];
  const over = new AbortController();
  const watching = (async () => {
    for await (const { name, state } of remote.watch(over.signal)) seen.push(`${name} ${state}`);
  })();
  await remote.waitFor("key", "ValueMissing", { timeout: 20_000 });
  await remote.setParameter("key", "value-of-key");
  const healthy = await remote.waitFor("web", "healthy", { timeout: 20_000 });
  expect(healthy.startedAt).toBeInstanceOf(Date);
  const { environment } = (await remote.snapshots()).find(({ name }) => name === "web") ?? {
    environment: [],
  };
  expect(environment).toContainEqual({ name: "KEY", value: "*****", secret: true });
  expect((await remote.reveal("web")).environment).toContainEqual({
    name: "KEY",
    value: "value-of-key",
    secret: true,
  });
  await remote.restart("web");
  await remote.waitFor("web", "healthy", { timeout: 20_000 });
  const lines: string[] = [];
  for await (const { stream, text } of remote.logs("web", { tail: 10 }))
    if (stream === "stdout") lines.push(text);
  expect(lines).toEqual(["listening", "bye", "listening"]);
  await expect(remote.start("nobody")).rejects.toMatchObject({ code: "APP_REFERENCE" });
  expect(seen).toContain("web Running");

  const following: string[] = [];
  const follow = (async () => {
    for await (const { text } of remote.logs("web", { tail: 0, follow: true })) following.push(text);
  })();
  await remote.stop();
  await engine.done;
  await Promise.all([watching, follow]);
  expect(await runningApps(home)).toEqual([]);
  await expect(remote.snapshots()).rejects.toMatchObject({ code: "APP_STATE" });
});

test("the socket is this user's only, and an app runs once", async () => {
  const ground = await RunGround.create();
  const engine = await ground.start(ground.builder());
  const { AppPlaces } = await import("../../../src/run/places.ts");
  const places = new AppPlaces(engine.app.stateFolder);
  expect((await stat(places.socket)).mode & 0o777).toBe(0o600);
  expect((await stat(places.sockets)).mode & 0o777).toBe(0o700);
  await expect(ground.start(ground.builder())).rejects.toMatchObject({
    code: "APP_STATE",
    message: expect.stringContaining(`runs already, in process ${process.pid}`),
  });
});

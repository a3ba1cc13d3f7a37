import { expect, test } from "vitest";
import { RunGround, webProgram, written } from "../../run-ground.ts";

test("a program starts when what it waits for is healthy, and not before", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  const web = app
    .addExecutable("web", process.execPath, ".", [await ground.write("web.mjs", webProgram)])
    .withHttpEndpoint({ env: "PORT" })
    .withHttpHealthCheck({ path: "/" });
  const script = `const answer = await fetch(process.env.WEB_HTTP); console.log(await answer.text());`;
  app
    .addExecutable("job", process.execPath, ".", [await ground.write("job.mjs", script)])
    .withReference(web)
    .waitFor(web);
  app
    .addExecutable("after", process.execPath, ".", ["-e", "console.log('after')"])
    .waitForCompletion(app.find("job") as never);
  const engine = await ground.start(app);
  const seen: string[] = [];
  engine.watch(({ name, state, health }) => {
    const word = `${name} ${state}${health === undefined ? "" : ` ${health}`}`;
    if (seen.at(-1) !== word) seen.push(word);
  });
  const end = await engine.waitFor("after", "Finished", { timeout: 20_000 });
  expect(end.exitCode).toBe(0);
  expect(written(engine, "job")).toEqual(["hello"]);
  expect(written(engine, "after")).toEqual(["after"]);
  expect(seen.indexOf("web Running healthy")).toBeGreaterThan(-1);
  expect(seen.indexOf("job Running")).toBeGreaterThan(seen.indexOf("web Running healthy"));
  expect(seen.indexOf("after Running")).toBeGreaterThan(seen.indexOf("job Finished"));
});

test("events come in order, and readiness waits for handlers", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  const events: string[] = [];
  const names = [
    "initializeResource",
    "resourceEndpointsAllocated",
    "beforeResourceStarted",
    "resourceReady",
    "resourceStopped",
  ] as const;
  app.events.on("beforeStart", () => void events.push("beforeStart"));
  app.events.on("afterResourcesCreated", () => void events.push("afterResourcesCreated"));
  const web = app
    .addExecutable("web", process.execPath, ".", [await ground.write("web.mjs", webProgram)])
    .withHttpEndpoint({ env: "PORT" });
  for (const name of names) web.on(name, () => void events.push(name));
  web.on("resourceReady", async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    events.push("handler done");
  });
  const other = app
    .addExecutable("other", process.execPath, ".", ["-e", "setInterval(() => {}, 1000)"])
    .waitFor(web);
  other.on("beforeResourceStarted", () => void events.push("other starts"));
  const engine = await ground.start(app);
  await engine.waitFor("other", "healthy", { timeout: 20_000 });
  await engine.stop();
  expect(events.filter((name) => name !== "afterResourcesCreated")).toEqual([
    "beforeStart",
    "resourceEndpointsAllocated",
    "initializeResource",
    "beforeResourceStarted",
    "resourceReady",
    "handler done",
    "other starts",
    "resourceStopped",
  ]);
  expect(events).toContain("afterResourcesCreated");
});

test("resources that wait for each other in a circle are an error that names them", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  const one = app.addExecutable("one", "true", ".");
  const two = app.addExecutable("two", "true", ".").waitFor(one);
  one.waitFor(two);
  await expect(ground.start(app)).rejects.toMatchObject({
    code: "APP_MODEL",
    message: expect.stringContaining('"one" → "two" → "one"'),
  });
});

test("stopping stops those first that need others, and all within a bound", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  const slow = `process.on("SIGTERM", () => setTimeout(() => process.exit(0), 300)); setInterval(() => {}, 1000); console.log("up");`;
  const base = app.addExecutable("base", process.execPath, ".", ["-e", slow]);
  app.addExecutable("top", process.execPath, ".", ["-e", slow]).waitFor(base);
  const ends: string[] = [];
  const engine = await ground.start(app);
  await engine.waitFor("top", "healthy", { timeout: 20_000 });
  await expect.poll(() => [...written(engine, "base"), ...written(engine, "top")]).toEqual(["up", "up"]);
  engine.watch(({ name, state }) => {
    if (state === "Stopping" || state === "Exited") ends.push(`${name} ${state}`);
  });
  await engine.stop();
  expect([...new Set(ends)]).toEqual(["top Stopping", "top Exited", "base Stopping", "base Exited"]);
  expect(await engine.done).toBe("stopped");
});

import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createBuilder } from "../../../src/builder.ts";
import { emptyApp } from "../ground.ts";

test("an app is known by its file", () => {
  const app = emptyApp();
  const identity = createHash("sha256").update(app.file.toLowerCase()).digest("hex");
  expect(app.identity).toBe(identity);
  expect(app.stateFolder).toBe(join(app.directory, "home", "apps", identity));
});

test("its file is the one that calls createBuilder", async () => {
  // Awaiting each step, as upstream's TypeScript does, gives the same.
  // oxlint-disable-next-line typescript/await-thenable
  const builder = await createBuilder({ variables: {}, args: [] });
  expect(builder.file).toMatch(/test\/unit\/model\/app\.test\.ts$/);
  // oxlint-disable-next-line typescript/await-thenable
  const cache = await builder.addRedis("cache");
  expect(builder.find("CACHE")).toBe(cache);
});

test.each([
  ["run", "run", "Development"],
  ["publish", "publish", "Production"],
  ["deploy", "publish", "Production"],
] as const)("the operation %s has the mode %s and the environment %s", (operation, mode, environment) => {
  expect(emptyApp(operation)).toMatchObject({ operation, mode, environment });
});

test("operation and environment come from variables", () => {
  const variables = { REDOUBT_APPHOST: "deploy", REDOUBT_ENVIRONMENT: "Staging" };
  const app = createBuilder({ variables, args: [] });
  expect(app).toMatchObject({ operation: "deploy", environment: "Staging" });
});

test.each([{ REDOUBT_APPHOST: "fly" }, { REDOUBT_ENVIRONMENT: "../up" }])("%j is refused", (variables) => {
  expect(() => createBuilder({ variables, args: [] })).toThrow(
    expect.objectContaining({ code: "APP_MODEL" }),
  );
});

describe("names", () => {
  test("are used once, without regard to case, and the error names call and line", () => {
    const app = emptyApp();
    app.addRedis("cache");
    const call = () => app.addContainer("Cache", "redis");
    expect(call).toThrow(expect.objectContaining({ code: "APP_NAME" }));
    expect(call).toThrow(
      /"Cache" is taken by a resource of type redis \(addContainer at .*app\.test\.ts:\d+:\d+\)/,
    );
  });

  test("follow the rules", () => {
    const call = () => emptyApp().addRedis("my_cache");
    expect(call).toThrow(/has "_" at position 2.*\(addRedis at .*app\.test\.ts:\d+:\d+\)/);
  });

  test("are free again for what was taken out", () => {
    const app = emptyApp();
    const first = app.addContainer("c", "redis");
    app.remove(first);
    expect(app.addContainer("c", "redis")).not.toBe(first);
  });
});

describe("waiting", () => {
  test("for a child waits for its parent, too", () => {
    const app = emptyApp();
    const parent = app.addContainer("parent", "p");
    const child = app.addContainer("child", "c").withParentRelationship(parent);
    const worker = app.addExecutable("worker", "true", ".").waitFor(child);
    expect(worker.waits).toEqual([
      { on: parent, until: "healthy" },
      { on: child, until: "healthy" },
    ]);
  });

  test("twice is waiting once", () => {
    const app = emptyApp();
    const done = app.addExecutable("done", "true", ".");
    const worker = app.addExecutable("worker", "true", ".");
    worker.waitForCompletion(done).waitForCompletion(done, { exitCode: 3 }).waitForStart(done);
    expect(worker.waits).toEqual([
      { on: done, until: "completed", exitCode: 3 },
      { on: done, until: "started" },
    ]);
  });

  test("for oneself or one's parent is refused", () => {
    const app = emptyApp();
    const parent = app.addContainer("parent", "p");
    const child = app.addContainer("child", "c").withParentRelationship(parent);
    expect(() => parent.waitFor(parent)).toThrow(/cannot wait for itself \(waitFor at/);
    expect(() => child.waitFor(parent)).toThrow(expect.objectContaining({ code: "APP_MODEL" }));
    expect(() => parent.withParentRelationship(child)).toThrow(
      expect.objectContaining({ code: "APP_MODEL" }),
    );
  });
});

test("events reach the handlers of all and of one, in order, and each is awaited", async () => {
  const app = emptyApp();
  const [a, b] = [app.addContainer("a", "i"), app.addContainer("b", "i")];
  const seen: string[] = [];
  a.on("resourceReady", async ({ resource }) => {
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(`one ${resource.name}`);
  });
  const end = app.events.on("resourceReady", ({ resource }) => void seen.push(`all ${resource.name}`));
  await app.events.emit("resourceReady", { app, resource: a });
  await app.events.emit("resourceReady", { app, resource: b });
  end();
  await app.events.emit("resourceReady", { app, resource: b });
  expect(seen).toEqual(["one a", "all a", "all b"]);
});

import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { provision } from "../../../src/provision/provision.ts";
import { StateFile, statePath } from "../../../src/provision/state.ts";
import { Stage } from "../../standin/stage.ts";
import { cacheUnit } from "../../standin/templates.ts";

test("Interrupted, it leaves what is under way going and says so; the next run takes it up", async () => {
  await using stage = await Stage.open();
  const release = stage.azure.hold(/redisEnterprise/);
  const interrupt = new AbortController();
  const going = provision([cacheUnit().unit], stage.options({ signal: interrupt.signal }));
  await expect.poll(() => stage.told).toContain("cache: Waiting for Deployment");
  interrupt.abort();
  const first = await going;
  expect(first).toMatchObject({
    ok: false,
    interrupted: true,
    units: [{ end: "left", state: "Left going" }],
  });
  expect(stage.azure.deployment("cache")?.active).toBe(true);

  const puts = stage.asked("PUT").length;
  const again = cacheUnit();
  const second = provision([again.unit], stage.options());
  await expect
    .poll(() => stage.asked("GET").filter((path) => path.endsWith("/deployments/cache")).length)
    .toBeGreaterThan(0);
  release();
  expect(await second).toMatchObject({ ok: true, units: [{ end: "adopted", state: "Running" }] });
  expect(stage.asked("PUT")).toHaveLength(puts);
  expect((await again.outputs.promise)["hostName"]).toMatch(/redis\.azure\.net$/);
});

test("What was left going and is not wanted that way any more is waited for, and then deployed", async () => {
  await using stage = await Stage.open();
  const release = stage.azure.hold(/redisEnterprise/);
  const interrupt = new AbortController();
  const going = provision([cacheUnit().unit], stage.options({ signal: interrupt.signal }));
  await expect.poll(() => stage.told).toContain("cache: Waiting for Deployment");
  interrupt.abort();
  await going;
  const { unit } = cacheUnit();
  const bigger = {
    ...unit,
    template: JSON.parse(
      JSON.stringify(unit.template).replace("Balanced_B0", "Balanced_B1"),
    ) as typeof unit.template,
  };
  const second = provision([bigger], stage.options());
  setTimeout(release, 50);
  expect(await second).toMatchObject({ ok: true, units: [{ end: "deployed" }] });
  expect(stage.azure.store.all().find(({ type }) => type === "Microsoft.Cache/redisEnterprise")?.sku).toEqual(
    { name: "Balanced_B1" },
  );
});

test("Killed before Azure heard of it, it is simply deployed", async () => {
  await using stage = await Stage.open();
  await provision([], stage.options());
  const state = await StateFile.open({ folder: stage.folder, app: stage.app, environment: "Development" });
  const place = {
    kind: "group",
    subscription: stage.azure.subscription,
    group: state.context.group ?? "",
  } as const;
  const id = `/subscriptions/${place.subscription}/resourceGroups/${place.group}/providers/Microsoft.Resources/deployments/cache`;
  await state.put("cache", {
    id,
    place,
    checksum: "x",
    state: "Running",
    begun: new Date().toISOString(),
    outputs: null,
    resources: [],
  });
  await state[Symbol.asyncDispose]();
  expect(await provision([cacheUnit().unit], stage.options())).toMatchObject({
    ok: true,
    units: [{ end: "deployed" }],
  });
});

test("Two at once are not let in, and the second hears who is there", async () => {
  await using stage = await Stage.open();
  const release = stage.azure.hold(/redisEnterprise/);
  const first = provision([cacheUnit().unit], stage.options());
  await expect.poll(() => stage.told).toContain("cache: Waiting for Deployment");
  await expect(provision([cacheUnit().unit], stage.options())).rejects.toMatchObject({
    code: "APP_STATE",
    message: expect.stringContaining(`Process ${process.pid} is deploying this app to Development`),
  });
  release();
  expect((await first).ok).toBe(true);
});

test("A state that cannot be read, or is of a newer version, is told with its place; nothing is deployed", async () => {
  await using stage = await Stage.open();
  await provision([], stage.options());
  const path = statePath(stage.folder, "Development");
  const whole = await readFile(path, "utf8");
  await writeFile(path, whole.slice(0, 40));
  await expect(provision([], stage.options())).rejects.toMatchObject({
    code: "APP_STATE",
    message: expect.stringContaining(path),
    hint: expect.stringContaining("--clear-cache"),
  });
  await writeFile(path, whole.replace('"format": 1', '"format": 2'));
  await expect(provision([], stage.options())).rejects.toMatchObject({
    code: "APP_STATE",
    message: expect.stringContaining("newer version"),
  });
  await writeFile(path, whole.replace('"salt"', '"pepper"'));
  await expect(provision([], stage.options())).rejects.toMatchObject({
    code: "APP_STATE",
    message: expect.stringContaining("salt"),
  });
  expect(stage.asked("PUT")).toHaveLength(1);
});

test("Configuration counts more than what an earlier run has used, and the change is told", async () => {
  await using stage = await Stage.open();
  await provision([cacheUnit().unit], stage.options());
  const elsewhere = { "Azure:ResourceGroup": "rg-elsewhere", "Azure:AllowResourceGroupCreation": "true" };
  const { units } = await provision([cacheUnit().unit], stage.options({}, elsewhere));
  expect(units[0]?.deployment).toContain("/resourceGroups/rg-elsewhere/");
  expect(units[0]?.end).toBe("deployed");
  expect(stage.notes.some((note) => /It was deployed to group rg-redoubt-todos-/.test(note))).toBe(true);
});

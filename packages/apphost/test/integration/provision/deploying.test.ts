import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { provision } from "../../../src/provision/provision.ts";
import { statePath } from "../../../src/provision/state.ts";
import { Stage } from "../../standin/stage.ts";
import { cacheUnit, fixed, rolesUnit } from "../../standin/templates.ts";

test("A cache is deployed into a group made for it, and its outputs are what Azure says", async () => {
  await using stage = await Stage.open();
  const cache = cacheUnit();
  const result = await provision([cache.unit], stage.options());
  expect(result.units.map(({ error }) => error?.message)).toEqual([undefined]);
  expect(result).toMatchObject({
    ok: true,
    interrupted: false,
    units: [{ name: "cache", end: "deployed", state: "Running" }],
  });
  const { name, hostName, connectionString } = await cache.outputs.promise;
  expect(name).toMatch(/^cache-[a-z2-7]{13}$/);
  expect(connectionString).toBe(`${String(hostName)}:10000,ssl=true`);
  expect(hostName).toBe(`${String(name)}.westeurope.redis.azure.net`);
  expect(stage.told).toEqual([
    "cache: Waiting",
    "cache: Creating ARM Deployment",
    "cache: Waiting for Deployment",
    "cache: Provisioned",
    "cache: Running",
  ]);
  const [group] = [...stage.azure.store.groups.values()];
  expect(group).toMatchObject({ location: "westeurope", tags: { "redoubt-app": stage.app } });
  expect(group?.name).toMatch(/^rg-redoubt-todos-[0-9a-f]{8}$/);
  expect(result.units[0]?.portal).toContain(
    "https://portal.localhost/#view/HubsExtension/DeploymentDetailsBlade/",
  );
});

test("A second run deploys nothing: not where nothing has changed, and again where something has", async () => {
  await using stage = await Stage.open();
  await provision([cacheUnit().unit], stage.options());
  const puts = stage.asked("PUT").length;
  const again = cacheUnit();
  const second = await provision([again.unit], stage.options());
  expect(second.units[0]).toMatchObject({ end: "unchanged", state: "Running" });
  expect(stage.asked("PUT")).toHaveLength(puts);
  expect((await again.outputs.promise)["hostName"]).toMatch(/redis\.azure\.net$/);

  const bigger = JSON.parse(JSON.stringify(again.unit).replace("Balanced_B0", "Balanced_B5")) as object;
  const third = await provision([{ ...again.unit, ...bigger }], stage.options());
  expect(third.units[0]).toMatchObject({ end: "deployed" });
  expect(stage.azure.store.all().find(({ type }) => type === "Microsoft.Cache/redisEnterprise")?.sku).toEqual(
    { name: "Balanced_B5" },
  );
});

test("What somebody has removed in the portal is missed, and deployed again", async () => {
  await using stage = await Stage.open();
  const cache = cacheUnit();
  await provision([cache.unit], stage.options());
  stage.azure.store.remove(String((await cache.outputs.promise)["id"]));
  const { units } = await provision([cacheUnit().unit], stage.options());
  expect(units[0]?.end).toBe("deployed");
  expect(stage.told).toContain("cache: Missing in Azure");
});

test("The state is for this user alone, and forgotten on demand", async () => {
  await using stage = await Stage.open();
  await provision([cacheUnit().unit], stage.options());
  const path = statePath(stage.folder, "Development");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
  const { units } = await provision(
    [cacheUnit().unit],
    stage.options(
      { clear: true },
      { "Azure:ResourceGroup": "rg-mine", "Azure:AllowResourceGroupCreation": "true" },
    ),
  );
  expect(units[0]?.end).toBe("deployed");
});

test("Independent units are deployed at the same time, dependent ones one after the other", async () => {
  await using stage = await Stage.open();
  stage.azure.work({ id: /redisEnterprise\/[^/]+$/, takes: 150 });
  const [one, two] = [cacheUnit("one"), cacheUnit("two")];
  const roles = rolesUnit("one-roles", one, { name: "principalId", known: "principalId" });
  const result = await provision([roles, one.unit, two.unit], stage.options());
  expect(result.ok).toBe(true);
  const span = (part: RegExp) => stage.azure.worked.find(({ id }) => part.test(id));
  const [first, second] = [span(/redisEnterprise\/one-[^/]+$/), span(/redisEnterprise\/two-[^/]+$/)];
  expect(first && second && first.from < second.to && second.from < first.to).toBe(true);
  const assigned = span(/accessPolicyAssignments/);
  expect(assigned && first && assigned.from >= first.to).toBe(true);
  // It counts as running only when somebody is let in.
  expect(stage.told.indexOf("one: Running")).toBeGreaterThan(stage.told.indexOf("one-roles: Provisioned"));
});

test("Roles of one cache are assigned one after the other: Azure refuses two at a time", async () => {
  await using stage = await Stage.open();
  stage.azure.work({ id: /accessPolicyAssignments/, takes: 60 });
  const cache = cacheUnit();
  const ids = [
    "11111111-1111-1111-1111-111111111111",
    "22222222-2222-2222-2222-222222222222",
    "33333333-3333-3333-3333-333333333333",
  ];
  const roles = ids.map((id, index) => rolesUnit(`app${index}-roles-cache`, cache, fixed("principalId", id)));
  const result = await provision([cache.unit, ...roles], stage.options({ mode: "deploy" }));
  expect(result.units.map(({ name, error }) => [name, error?.message])).toEqual(
    result.units.map(({ name }) => [name, undefined]),
  );
  const spans = stage.azure.worked
    .filter(({ id }) => /accessPolicyAssignments/.test(id))
    .sort((a, b) => a.from - b.from);
  expect(spans).toHaveLength(3);
  for (const [index, span] of spans.slice(1).entries())
    expect(span.from).toBeGreaterThanOrEqual(spans[index]?.to ?? Number.NaN);
});

test("The same units without turns are refused by the stand-in, as by Azure", async () => {
  await using stage = await Stage.open();
  stage.azure.work({ id: /accessPolicyAssignments/, takes: 100 });
  const cache = cacheUnit();
  const roles = ["1", "2"].map((digit) => ({
    ...rolesUnit(
      `app${digit}-roles`,
      cache,
      fixed("principalId", `${digit.repeat(8)}-1111-1111-1111-111111111111`),
    ),
    turn: `alone-${digit}`,
  }));
  const result = await provision([cache.unit, ...roles], stage.options());
  expect(result.ok).toBe(false);
  expect(result.units.find(({ name }) => name === "cache")?.state).toBe("Failed to Provision Roles");
});

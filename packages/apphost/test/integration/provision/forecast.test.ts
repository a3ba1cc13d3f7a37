import { expect, test } from "vitest";
import { forecastText, wouldChange } from "../../../src/provision/forecast-text.ts";
import { dryRun, provision } from "../../../src/provision/provision.ts";
import { Stage } from "../../standin/stage.ts";
import { cacheUnit, fixed, rolesUnit } from "../../standin/templates.ts";

const developer = fixed("principalId", "11111111-1111-1111-1111-111111111111");

test("Before anything is there, a dry run names what would be made, and makes nothing", async () => {
  await using stage = await Stage.open();
  const cache = cacheUnit();
  const forecast = await dryRun([cache.unit, rolesUnit("cache-roles", cache, developer)], stage.options());
  expect(forecast.group).toMatchObject({ location: "westeurope", wouldBeMade: true });
  expect(forecast.units.map(({ name, answer }) => [name, answer])).toEqual([
    ["cache", "unknown"],
    ["cache-roles", "unknown"],
  ]);
  expect(wouldChange(forecast)).toBe(true);
  const text = forecastText(forecast);
  expect(text).toMatch(/^\+ resource group rg-redoubt-todos-[0-9a-f]{8} \(westeurope\)\n/);
  expect(text).toContain("  ? cannot be asked: the group rg-redoubt-todos-");
  expect(text).toContain("  + Microsoft.Cache/redisEnterprise\n");
  expect(stage.azure.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(stage.azure.store.groups.size).toBe(0);
});

test("In a group that is there, Azure itself is asked, and its answer is waited for", async () => {
  await using stage = await Stage.open();
  await provision([], stage.options());
  const forecast = await dryRun([cacheUnit().unit], stage.options());
  expect(forecast.units[0]).toMatchObject({
    answer: "asked",
    place: expect.stringMatching(/^group rg-redoubt-todos-/),
  });
  expect(forecast.units[0]?.changes.map(({ kind }) => kind)).toEqual(["Create", "Create"]);
  expect(forecastText(forecast)).toMatch(
    /\n {2}\+ Microsoft\.Cache\/redisEnterprise\/cache-[a-z2-7]{13}\/databases\/default\n\n2 to create, 0 to modify, 0 to delete, 0 unchanged\.$/,
  );
  expect(stage.azure.store.all()).toEqual([]);
});

test("What has changed is shown property by property, what has not is not asked about", async () => {
  await using stage = await Stage.open();
  const [cache, other] = [cacheUnit(), cacheUnit("other")];
  await provision([cache.unit, other.unit, rolesUnit("cache-roles", cache, developer)], stage.options());
  expect(wouldChange(await dryRun([cacheUnit().unit, cacheUnit("other").unit], stage.options()))).toBe(false);
  const changed = cacheUnit();
  const unit = {
    ...changed.unit,
    template: JSON.parse(
      JSON.stringify(changed.unit.template)
        .replace("Balanced_B0", "Balanced_B5")
        .replace('"Enabled"', '"Disabled"'),
    ) as typeof changed.unit.template,
  };
  const forecast = await dryRun(
    [unit, cacheUnit("other").unit, rolesUnit("cache-roles", changed, developer)],
    stage.options(),
  );
  expect(forecast.units.map(({ answer }) => answer)).toEqual(["asked", "unchanged", "unchanged"]);
  const text = forecastText(forecast);
  expect(text).toMatch(
    /~ Microsoft\.Cache\/redisEnterprise\/cache-[a-z2-7]{13}\n {6}~ sku\.name: "Balanced_B0" => "Balanced_B5"\n {6}~ properties\.publicNetworkAccess: "Enabled" => "Disabled"\n {2}= Microsoft/,
  );
  expect(text).toContain("= nothing to do");
  expect(text).not.toContain("other-");
  expect(wouldChange(forecast)).toBe(true);
});

test("What Azure would refuse is said", async () => {
  await using stage = await Stage.open();
  await provision([], stage.options());
  const { unit } = cacheUnit();
  const forecast = await dryRun(
    [
      {
        ...unit,
        parameters: [],
        template: { ...unit.template, outputs: {}, variables: {}, parameters: { size: { type: "int" } } },
      },
    ],
    stage.options(),
  );
  expect(forecast.units[0]).toMatchObject({
    answer: "failed",
    reason: expect.stringContaining("template parameter 'size'"),
  });
  expect(forecastText(forecast)).toContain("x Azure would refuse it: What-if of cache: InvalidTemplate");
});

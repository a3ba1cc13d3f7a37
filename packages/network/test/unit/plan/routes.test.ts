import { expect, test } from "vitest";
import { planMigration } from "../../../src/plan/migrate.ts";
import { planRoutes } from "../../../src/plan/routes.ts";

test("everything goes to the internet, and each longer public prefix as well; private ones stay", () => {
  const { routes, warnings } = planRoutes(["0.0.0.0/0", "20.40.0.0/16", "10.0.0.0/8"]);
  expect(routes.map(({ prefix }) => prefix)).toEqual(["0.0.0.0/0", "20.40.0.0/16"]);
  expect(routes.every(({ nextHop }) => nextHop === "Internet")).toBe(true);
  expect(warnings.join()).toContain("reboot");
  expect(() => planRoutes(["everything"])).toThrow("advertised[0]");
});

test("a move to Azure Managed Redis: size with its reserve, port, zone, string, order", () => {
  const plan = planMigration({
    name: "orders",
    region: "westeurope",
    target: "managed",
    dataGB: 10,
    shards: 2,
  });
  // A fifth is reserved: 10 GB of data want 12.5.
  expect(plan.sku).toBe("Balanced_B20");
  expect(plan.after).toMatchObject({ ports: ["10000", "8500-8599"], zone: "privatelink.redis.azure.net" });
  expect(plan.before.connectionString).toMatch(/^orders\.redis\.cache\.windows\.net:6380,/);
  expect(plan.after.connectionString).toMatch(/^orders\.westeurope\.redis\.azure\.net:10000,/);
  const titles = plan.steps.map(({ title }) => title);
  expect(titles.indexOf("Make the zone first")).toBeLessThan(titles.indexOf("Create its private endpoint"));
  expect(titles.at(-1)).toBe("Delete the old cache");
  expect(plan.dates.join()).toContain("2028-09-30");
});

test("a move to a private endpoint keeps product and port", () => {
  const plan = planMigration({
    name: "orders",
    region: "westeurope",
    target: "private-endpoint",
    data: "dual-write",
    capacity: 2,
  });
  expect(plan.sku).toBeNull();
  expect(plan.after).toMatchObject({ ports: ["6380"], zone: "privatelink.redis.cache.windows.net" });
  expect(plan.steps.flatMap(({ commands }) => commands).join("\n")).toContain("--vm-size P2");
  expect(plan.steps.map(({ title }) => title)).toContain("Write to both");
  expect(() => planMigration({ name: "x", region: "y", target: "managed", capacity: 9 })).toThrow("capacity");
});

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Builder, createBuilder } from "../../../src/builder.ts";
import type { Operation } from "../../../src/model/app.ts";
import { azureOf } from "../../../src/provision/deploy-app.ts";
import { provision } from "../../../src/provision/provision.ts";
import { unitsOf } from "../../../src/provision/resource-units.ts";
import { Stage } from "../../standin/stage.ts";

/** An app in a folder of its own. */
async function appOn(stage: Stage, operation: Operation): Promise<Builder> {
  const folder = join(stage.home, "app");
  await mkdir(folder, { recursive: true });
  const file = join(folder, "apphost.ts");
  return createBuilder({ file, operation, home: stage.home, variables: {}, args: [] });
}

const host = { viewpoint: "host" } as const;

test("In run mode a managed Redis is provisioned with its role for the developer, and its string is known", async () => {
  await using stage = await Stage.open({ upn: "dev@example.com" });
  const builder = await appOn(stage, "run");
  const cache = builder.addAzureManagedRedis("cache");
  const units = unitsOf(await azureOf(builder), "all");
  expect(units.map(({ name }) => name)).toEqual(["cache", "cache-roles"]);
  const result = await provision(units, stage.options());
  expect(result.units.map(({ error }) => error)).toEqual([null, null]);
  expect(await cache.connectionString().resolve(host)).toMatch(
    /^cache-[a-z2-7]{13}\.westeurope\.redis\.azure\.net:10000,ssl=true$/,
  );
  const [assignment] = stage.azure.store.all().filter(({ type }) => /accessPolicyAssignments$/i.test(type));
  expect(assignment?.properties).toMatchObject({
    accessPolicyName: "default",
    user: { objectId: stage.azure.mint.login.objectId },
  });
});

test("With access keys the string is a secret of the vault, read when both are there", async () => {
  await using stage = await Stage.open({ upn: "dev@example.com", propagation: 200 });
  const builder = await appOn(stage, "run");
  const cache = builder.addAzureManagedRedis("cache").withAccessKeyAuthentication();
  // Whoever refers to it asks the vault for its secrets.
  const [string, properties] = [cache.connectionString(), cache.connectionProperties()];
  const units = unitsOf(await azureOf(builder), "all");
  const result = await provision(units, stage.options());
  expect(result.units.map(({ name, error }) => [name, error?.message])).toEqual(
    result.units.map(({ name }) => [name, undefined]),
  );
  const text = await string.resolve(host);
  expect(text).toMatch(/^cache-[a-z2-7]{13}\.westeurope\.redis\.azure\.net:10000,ssl=true,password=.{44}$/);
  const uri = await properties.find(([name]) => name === "Uri")?.[1].resolve(host);
  const key = (text ?? "").split("password=")[1] ?? "";
  expect(uri).toContain(`rediss://:${encodeURIComponent(key)}@cache-`);
  expect(JSON.stringify([result, stage.events])).not.toContain(key);
});

test("Deployed, programs get identities, roles of one cache go one after the other, and what exists stays as it is", async () => {
  await using stage = await Stage.open();
  const { azure } = stage;
  azure.work({ id: /accessPolicyAssignments/, takes: 40 });
  const builder = await appOn(stage, "deploy");
  builder.addAzureContainerAppEnvironment("env");
  const cache = builder.addAzureManagedRedis("cache");
  builder.addNodeApp("api", "./api", "server.ts").withReference(cache);
  builder.addNodeApp("worker", "./worker", "main.ts").withReference(cache);
  const resources = (await azureOf(builder)).filter(({ type }) => !/environment|registry/.test(type));
  const units = unitsOf(resources, "parameters");
  const result = await provision(units, stage.options({ mode: "deploy" }));
  expect(result.units.map(({ name, error }) => [name, error?.message])).toEqual(
    result.units.map(({ name }) => [name, undefined]),
  );
  expect(result.units.map(({ name }) => name).sort()).toEqual([
    "api-identity",
    "cache",
    "cache-roles",
    "worker-identity",
  ]);
  const principals = azure.store
    .all()
    .flatMap(({ type, properties }) =>
      /userAssignedIdentities$/i.test(type) ? [properties["principalId"]] : [],
    );
  const users = azure.store
    .all()
    .flatMap(({ type, properties }) =>
      /accessPolicyAssignments$/i.test(type) ? [(properties["user"] as { objectId: string }).objectId] : [],
    );
  expect(users.sort()).toEqual([...principals].sort());
  expect(users).toHaveLength(2);
  expect(result.units[0]?.deployment).toMatch(/\/deployments\/[a-z-]+-\d{10}$/);
});

test("An existing cache is deployed into its own group, and nothing of it is changed", async () => {
  await using stage = await Stage.open();
  const first = await appOn(stage, "deploy");
  first.addAzureManagedRedis("cache");
  const made = await provision(
    unitsOf(await azureOf(first), "parameters"),
    stage.options({ mode: "deploy" }, { "Azure:ResourceGroup": "rg-shared" }),
  );
  expect(made.ok).toBe(true);
  const name = String(made.units[0]?.outputs["name"]);
  const before = JSON.stringify(stage.azure.store.all().filter(({ type }) => !/accessPolicy/i.test(type)));

  const builder = await appOn(stage, "deploy");
  const parameter = builder.addParameter("group", { value: "rg-shared" });
  const cache = builder.addAzureManagedRedis("shared").asExisting(name, parameter);
  const result = await provision(
    unitsOf(await azureOf(builder), "parameters"),
    stage.options({ mode: "deploy", environment: "Other" }),
  );
  expect(result.units.map(({ error }) => error)).toEqual(result.units.map(() => null));
  expect(result.units[0]?.deployment).toContain("/resourceGroups/rg-shared/");
  expect(await cache.connectionString().resolve(host)).toBe(
    `${name}.westeurope.redis.azure.net:10000,ssl=true`,
  );
  expect(JSON.stringify(stage.azure.store.all().filter(({ type }) => !/accessPolicy/i.test(type)))).toBe(
    before,
  );
});

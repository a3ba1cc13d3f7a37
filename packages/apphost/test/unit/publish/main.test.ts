import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Builder, createBuilder } from "../../../src/builder.ts";
import { refExpr, uri } from "../../../src/model/expression.ts";
import { mainOf } from "../../../src/publish/main/main.ts";
import { parametersOf } from "../../../src/publish/main/parameters-file.ts";
import { MainValues } from "../../../src/publish/main/values.ts";
import { AzureResource } from "../../../src/resources/azure/azure-resource.ts";
import { bicepExpression } from "../../../src/template/bicep/expression.ts";
import { bicep } from "../../../src/template/bicep.ts";

const home = mkdtempSync(join(tmpdir(), "redoubt-main-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function builder(variables: NodeJS.ProcessEnv = {}): Builder {
  return createBuilder({ file: "/app/apphost.ts", operation: "publish", variables, args: [], home });
}

function main(app: Builder) {
  return mainOf(
    app.resources.filter((one) => one instanceof AzureResource),
    [],
  );
}

const head = `targetScope = 'subscription'

param resourceGroupName string

param location string

param principalId string`;
const group = `resource rg 'Microsoft.Resources/resourceGroups@2023-07-01' = {
  name: resourceGroupName
  location: location
}`;

describe("main.bicep", () => {
  test("a group and a module in it", () => {
    const app = builder();
    app.addAzureManagedRedis("redis-cache");
    expect(bicep(main(app).module)).toBe(`${head}

${group}

module redis_cache 'redis-cache/redis-cache.bicep' = {
  name: 'redis-cache'
  scope: rg
  params: {
    location: location
  }
}`);
  });

  test("outputs of one module as parameters of another", () => {
    const app = builder();
    app.addAzureManagedRedis("cache").withAccessKeyAuthentication();
    const text = bicep(main(app).module);
    expect(text).toContain(`module cache 'cache/cache.bicep' = {
  name: 'cache'
  scope: rg
  params: {
    location: location
    cache_kv_outputs_name: cache_kv.outputs.name
  }
}`);
    expect(text).toContain("module cache_kv 'cache-kv/cache-kv.bicep' = {");
  });

  test("existing resources, where they are", () => {
    const app = builder();
    const name = app.addParameter("existing-name");
    const place = app.addParameter("existing-group");
    app.addAzureManagedRedis("cache").asExisting(name, place);
    app.addAzureManagedRedis("far").asExistingInResourceGroup("there", "group", "subscription-id");
    const text = bicep(main(app).module);
    expect(text).toContain(`${head}

param existing_group string

param existing_name string

${group}`);
    expect(text).toContain(`  scope: resourceGroup(existing_group)
  params: {
    location: location
    existing_name: existing_name
  }`);
    expect(text).toContain("  scope: resourceGroup('subscription-id', 'group')");
  });
});

describe("values of the app as expressions", () => {
  const written = (use: (values: MainValues, app: Builder) => ReturnType<MainValues["use"]>) => {
    const values = new MainValues();
    return [bicepExpression(use(values, builder())), values.parameters.map(({ param }) => param)] as const;
  };

  test("a parameter, plain and secret, encoded and inside a text", () => {
    expect(written((values, app) => values.use(app.addParameter("a-b")))).toEqual([
      "a_b",
      [{ name: "a_b", type: "string" }],
    ]);
    expect(
      written((values, app) => {
        const key = app.addParameter("key", { secret: true });
        return values.use(refExpr`redis://:${uri(key)}@it's`);
      }),
    ).toEqual(["'redis://:${uriComponent(key)}@it\\'s'", [{ name: "key", type: "string", secure: true }]]);
  });

  test("a default that is published", () => {
    expect(
      written((values, app) =>
        values.use(app.addParameter("tier", { value: "x", publishValueAsDefault: true })),
      )[1],
    ).toEqual([{ name: "tier", type: "string", default: "x" }]);
  });

  test("outputs, alone and in a text", () => {
    const written1 = written((values, app) =>
      values.use(app.addAzureManagedRedis("redis-cache").output("hostName")),
    );
    expect(written1).toEqual(["redis_cache.outputs.hostName", []]);
    const uriOf = written((values, app) => {
      const cache = app.addAzureManagedRedis("cache");
      return values.use(refExpr`rediss://${cache.output("hostName")}:10000`);
    });
    expect(uriOf[0]).toBe("'rediss://${cache.outputs.hostName}:10000'");
  });

  test("what main.bicep cannot know is a parameter", () => {
    const [text, params] = written((values, app) => {
      const cache = app.addAzureManagedRedis("cache").withAccessKeyAuthentication();
      return values.use(cache.connectionString());
    });
    expect(text).toBe("cache_kv_secrets_connectionstrings__cache");
    expect(params).toEqual([
      { name: "cache_kv_secrets_connectionstrings__cache", type: "string", secure: true },
    ]);
  });
});

test("the file of parameters has what is known, and no secret", () => {
  const app = builder({ Azure__Location: "westeurope", Parameters__key: "do-not-write" });
  const key = app.addParameter("key", { secret: true });
  const tier = app.addParameter("tier", {
    value: "B5",
    publishValueAsDefault: true,
    description: "How large.",
  });
  app.addAzureManagedRedis("cache").withParameter("key", key).withParameter("tier", tier);
  const { file, parameters } = parametersOf(main(app), app.configuration);
  expect(file.parameters).toEqual({ location: { value: "westeurope" }, tier: { value: "B5" } });
  expect(parameters.map(({ name, needed, secret }) => [name, needed, secret])).toEqual([
    ["resourceGroupName", true, false],
    ["location", false, false],
    ["principalId", true, false],
    ["key", true, true],
    ["tier", false, false],
  ]);
  expect(JSON.stringify(file)).not.toContain("do-not-write");
});

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Builder, createBuilder } from "../../../src/builder.ts";
import { compose, publish } from "../../../src/publish/publish.ts";
import type { ArmTemplate } from "../../../src/template/arm.ts";

let root = "";
let out = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "redoubt-publish-"));
  out = join(root, "out");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function builder(operation: "publish" | "run" = "publish"): Builder {
  const file = join(root, "apphost.ts");
  return createBuilder({ file, operation, variables: {}, args: [], home: join(root, "home") });
}

function todos(): Builder {
  const app = builder();
  const cache = app.addAzureManagedRedis("azredisent");
  app
    .addNodeApp("todos", "./todos", "server.ts")
    .withHttpEndpoint({ env: "PORT" })
    .withReference(cache)
    .waitFor(cache);
  return app;
}

const read = (path: string) => readFileSync(join(out, path), "utf8");

test("everything that is promised is there", async () => {
  const result = await publish(todos(), { output: out });
  expect(result.files).toEqual([
    "aspire-manifest.json",
    "azredisent-roles.module.bicep",
    "azredisent-roles/azredisent-roles.bicep",
    "azredisent-roles/azredisent-roles.json",
    "azredisent.module.bicep",
    "azredisent/azredisent.bicep",
    "azredisent/azredisent.json",
    "main.bicep",
    "main.json",
    "main.parameters.json",
    "todos.Dockerfile",
    "todos.Dockerfile.dockerignore",
  ]);
  expect(result.changed).toEqual(result.files);
  expect(result.warnings).toEqual([]);
  expect(readdirSync(out, { recursive: true }).length).toBe(result.files.length + 3);
  expect(read("azredisent.module.bicep")).toBe(read("azredisent/azredisent.bicep"));
  const manifest = JSON.parse(read("aspire-manifest.json")) as { resources: Record<string, unknown> };
  expect(manifest.resources["azredisent"]).toEqual({
    type: "azure.bicep.v0",
    connectionString: "{azredisent.outputs.connectionString}",
    path: "azredisent.module.bicep",
  });
  expect(manifest.resources["todos"]).toMatchObject({
    type: "container.v1",
    build: { context: "../todos", dockerfile: "todos.Dockerfile" },
    env: {
      ConnectionStrings__azredisent: "{azredisent.connectionString}",
      AZREDISENT_HOST: "{azredisent.outputs.hostName}",
      AZREDISENT_PORT: "10000",
      AZREDISENT_URI: "rediss://{azredisent.outputs.hostName}:10000",
    },
  });
});

test("main tells what the program reads, in both forms", async () => {
  await publish(todos(), { output: out });
  expect(read("main.bicep")).toContain(
    "output azredisent_connectionString string = azredisent.outputs.connectionString",
  );
  const main = JSON.parse(read("main.json")) as ArmTemplate;
  expect(Object.keys(main.outputs ?? {})).toEqual(["azredisent_connectionString", "azredisent_hostName"]);
  const module = JSON.parse(read("azredisent/azredisent.json")) as ArmTemplate;
  const deployment = main.resources.find(({ name }) => name === "azredisent");
  expect(deployment).toMatchObject({ properties: { template: module } });
});

test("the same app gives the same bytes, and a second time changes nothing", async () => {
  const first = await compose(todos(), out);
  const second = await compose(todos(), out);
  expect([...second.files]).toEqual([...first.files]);
  await publish(todos(), { output: out });
  expect(await publish(todos(), { output: out })).toMatchObject({ changed: [], removed: [] });
});

test("a fault names resource, setting and fix, and nothing is written", async () => {
  const app = todos();
  app.addAzureManagedRedis("other").configureInfrastructure(({ cluster, database }) => {
    cluster.location = 7 as never;
    database.evictionPolicy = "Sometimes" as never;
  });
  await publish(todos(), { output: out });
  const before = read("main.bicep");
  await expect(publish(app, { output: out })).rejects.toMatchObject({ code: "APP_PUBLISH" });
  await expect(publish(app, { output: out })).rejects.toThrow(/other: other\.location: .*string/);
  await expect(publish(app, { output: out })).rejects.toThrow(/evictionPolicy/);
  expect(read("main.bicep")).toBe(before);
  expect(existsSync(join(out, "other"))).toBe(false);
});

test("two resources whose symbols are the same are refused", async () => {
  const app = todos();
  app.addAzureManagedRedis("rg");
  await expect(publish(app, { output: out })).rejects.toThrow(
    /main\.bicep: "rg" names a resource and a module/,
  );
  expect(existsSync(out)).toBe(false);
});

test("an app that was made to run cannot be published", async () => {
  await expect(publish(builder("run"), { output: out })).rejects.toThrow(/was made to run/);
});

test("a resource of a version that is not known is said, and written", async () => {
  const app = builder();
  app.addAzureManagedRedis("cache").configureInfrastructure((infra) => {
    infra.add({ symbol: "lock", type: "Microsoft.Authorization/locks", apiVersion: "2020-05-01", name: "l" });
  });
  const { warnings } = await publish(app, { output: out });
  expect(warnings).toMatchObject([{ resource: "cache", key: "lock", severity: "warning" }]);
});

test("without anything in Azure there is only the manifest", async () => {
  const app = builder();
  app.addRedis("cache");
  const { files, parameters } = await publish(app, { output: out });
  expect([files, parameters]).toEqual([["aspire-manifest.json"], []]);
});

test("a Dockerfile installs by the lock file that is there", async () => {
  const folder = join(root, "todos");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, "package-lock.json"), "{}");
  await publish(todos(), { output: out });
  expect(read("todos.Dockerfile")).toBe(`FROM node:24-alpine
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
ENV NODE_ENV=production
USER node
ENTRYPOINT ["node"]
CMD ["server.ts"]
`);
  expect(read("todos.Dockerfile.dockerignore")).toBe("**/node_modules\n**/.git\n**/.env*\n");
  const inside = join(folder, "out");
  const { files } = await compose(todos(), inside);
  expect(files.get("todos.Dockerfile.dockerignore")).toBe("**/node_modules\n**/.git\n**/.env*\nout\n");
});

test("no secret gets into any file", async () => {
  const app = builder();
  const secret = "s3cr3t'\\with ${quotes}";
  const key = app.addParameter("key", { secret: true, value: secret });
  const cache = app.addAzureManagedRedis("cache").withParameter("key", key);
  app.addRedis("own", { password: key });
  app.addNodeApp("web", "./web", "a.js").withReference(cache).withEnvironment("KEY", key);
  const { files } = await compose(app, out);
  expect(files.size).toBeGreaterThan(7);
  for (const [path, text] of files) expect([path, text.includes("s3cr3t")]).toEqual([path, false]);
});

test("one step writes its part and leaves the other", async () => {
  await publish(todos(), { output: out });
  const app = todos();
  app.addAzureManagedRedis("second");
  const { changed, removed } = await publish(app, { output: out, step: "publish-manifest" });
  expect(removed).toEqual([]);
  expect(changed).toEqual(["aspire-manifest.json", "second-roles.module.bicep", "second.module.bicep"]);
  expect(read("main.bicep")).not.toContain("second");
  const rest = await publish(app, { output: out });
  expect(rest.changed).toContain("second/second.bicep");
  await expect(publish(app, { output: out, step: "deploy" as never })).rejects.toThrow(/no step "deploy"/);
});

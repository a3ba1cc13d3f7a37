import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Builder, createBuilder } from "../../../src/builder.ts";
import { refExpr, uri } from "../../../src/model/expression.ts";
import { Workload } from "../../../src/model/workload.ts";
import { PortNumbers } from "../../../src/publish/manifest/bindings.ts";
import { checkManifest } from "../../../src/publish/manifest/check.ts";
import { manifestOf } from "../../../src/publish/manifest/manifest.ts";

const home = mkdtempSync(join(tmpdir(), "redoubt-manifest-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function builder(): Builder {
  return createBuilder({ file: "/app/apphost.ts", operation: "publish", variables: {}, args: [], home });
}

/** The resources of the manifest, which is held against its schema first. */
async function resources(app: Builder): Promise<Readonly<Record<string, unknown>>> {
  const endpoints = app.resources.flatMap((one) => (one instanceof Workload ? one.endpoints : []));
  const manifest = await manifestOf(app, { folder: "/app/out", ports: new PortNumbers(endpoints) });
  expect(checkManifest(manifest)).toEqual([]);
  expect(manifest.$schema).toBe("https://json.schemastore.org/aspire-8.0.json");
  return manifest.resources;
}

describe("parameters", () => {
  test("plain, secret, with a default, generated", async () => {
    const app = builder();
    app.addParameter("size");
    app.addParameter("key", { secret: true });
    app.addParameter("tier", { value: "basic", publishValueAsDefault: true });
    app.addParameter("made", { secret: true, generate: { minLength: 30, special: false, minLower: 2 } });
    expect(await resources(app)).toEqual({
      size: { type: "parameter.v0", value: "{size.inputs.value}", inputs: { value: { type: "string" } } },
      key: {
        type: "parameter.v0",
        value: "{key.inputs.value}",
        inputs: { value: { type: "string", secret: true } },
      },
      tier: {
        type: "parameter.v0",
        value: "{tier.inputs.value}",
        inputs: { value: { type: "string", default: { value: "basic" } } },
      },
      made: {
        type: "parameter.v0",
        value: "{made.inputs.value}",
        inputs: {
          value: {
            type: "string",
            secret: true,
            default: { generate: { minLength: 30, special: false, minLower: 2 } },
          },
        },
      },
    });
  });

  test("connection strings: from outside, and put together", async () => {
    const app = builder();
    app.addConnectionString("legacy");
    const key = app.addParameter("key", { secret: true });
    app.addConnectionString("made", refExpr`host:6380,password=${key}`);
    app.addConnectionString("url", refExpr`redis://:${uri(key)}@host`);
    expect(await resources(app)).toEqual({
      legacy: {
        type: "parameter.v0",
        connectionString: "{legacy.value}",
        value: "{legacy.inputs.value}",
        inputs: { value: { type: "string", secret: true } },
      },
      key: {
        type: "parameter.v0",
        value: "{key.inputs.value}",
        inputs: { value: { type: "string", secret: true } },
      },
      "key-uri-encoded": { type: "annotated.string", value: "{key.value}", filter: "uri" },
      made: { type: "value.v0", connectionString: "host:6380,password={key.value}" },
      url: { type: "value.v0", connectionString: "redis://:{key-uri-encoded.value}@host" },
    });
  });
});

describe("programs", () => {
  test("a Redis of the app's own, and who refers to it", async () => {
    const app = builder();
    const cache = app.addRedis("cache").withDataVolume({ name: "cache-data" });
    app.addExecutable("worker", "python", "./worker", ["main.py"]).withReference(cache);
    const all = await resources(app);
    const condition = Object.keys(all).find((name) => name.startsWith("cond-")) ?? "";
    expect(condition).toMatch(/^cond-cache-bindings-tcp-tlsenabled-[0-9a-f]{8}$/);
    expect(all).toEqual({
      cache: {
        type: "container.v0",
        connectionString: `{cache.bindings.tcp.host}:{cache.bindings.tcp.port},password={cache-password.value}{${condition}.connectionString}`,
        image: "docker.io/library/redis:8.6",
        entrypoint: "/bin/sh",
        args: ["-c", "redis-server --requirepass $REDIS_PASSWORD --save 60 1"],
        volumes: [{ name: "cache-data", target: "/data", readOnly: false }],
        env: { REDIS_PASSWORD: "{cache-password.value}" },
        bindings: { tcp: { scheme: "redis", protocol: "tcp", transport: "tcp", targetPort: 6379 } },
      },
      "cache-password": {
        type: "parameter.v0",
        value: "{cache-password.inputs.value}",
        inputs: {
          value: { type: "string", secret: true, default: { generate: { minLength: 22, special: false } } },
        },
      },
      "cache-password-uri-encoded": {
        type: "annotated.string",
        value: "{cache-password.value}",
        filter: "uri",
      },
      worker: {
        type: "executable.v0",
        workingDirectory: "../worker",
        command: "python",
        args: ["main.py"],
        env: {
          ConnectionStrings__cache: "{cache.connectionString}",
          CACHE_HOST: "{cache.bindings.tcp.host}",
          CACHE_PORT: "{cache.bindings.tcp.port}",
          CACHE_PASSWORD: "{cache-password.value}",
          CACHE_URI:
            "{cache.bindings.tcp.scheme}://:{cache-password-uri-encoded.value}@{cache.bindings.tcp.host}:{cache.bindings.tcp.port}",
        },
      },
      [condition]: { type: "value.v0", connectionString: "" },
    });
  });

  test("with TLS the scheme is rediss, also when published", async () => {
    const app = builder();
    const cache = app.addRedis("cache");
    cache.primary.tls = true;
    cache.primary.scheme = "rediss";
    app.addExecutable("worker", "true", ".").withReference(cache);
    const all = await resources(app);
    const condition = Object.entries(all).find(([name]) => name.startsWith("cond-"));
    expect(condition?.[1]).toEqual({ type: "value.v0", connectionString: ",ssl=true" });
    expect(all["cache"]).toMatchObject({ bindings: { tcp: { scheme: "rediss" } } });
    expect(all["worker"]).toMatchObject({
      env: { CACHE_URI: expect.stringMatching(/^\{cache\.bindings\.tcp\.scheme\}:/) as unknown },
    });
  });

  test("ports that nobody names are given from 8000 on, each once", async () => {
    const app = builder();
    app.addNodeApp("api", "./api", "server.ts").withHttpEndpoint({ env: "PORT" }).withExternalHttpEndpoints();
    app
      .addExecutable("own", "own", ".")
      .withHttpEndpoint({ targetPort: 8001 })
      .withHttpsEndpoint({ targetPort: 9000, port: 443 });
    app.addExecutable("other", "other", ".").withEndpoint({ name: "a" }).withEndpoint({ name: "b" });
    const all = await resources(app);
    expect(all["api"]).toEqual({
      type: "container.v1",
      build: { context: "../api", dockerfile: "api.Dockerfile" },
      args: ["server.ts"],
      env: { NODE_ENV: "production", PORT: "{api.bindings.http.targetPort}" },
      bindings: {
        http: { scheme: "http", protocol: "tcp", transport: "http", targetPort: 8000, external: true },
      },
    });
    expect(all["own"]).toMatchObject({
      bindings: {
        http: { targetPort: 8001 },
        https: { transport: "http", port: 443, targetPort: 9000 },
      },
    });
    expect(all["other"]).toMatchObject({ bindings: { a: { targetPort: 8002 }, b: { targetPort: 8003 } } });
  });

  test("a container with mounts, and references to a service", async () => {
    const app = builder();
    const web = app
      .addContainer("web", "ghcr.io/owner/web:1.2")
      .withHttpEndpoint({ targetPort: 80 })
      .withEntrypoint("/bin/web")
      .withArgs("--serve")
      .withVolume("data", "/data")
      .withBindMount("./conf", "/etc/web", { isReadOnly: true });
    app.addExecutable("client", "client", "/opt/client").withReference(web);
    const all = await resources(app);
    expect(all["web"]).toEqual({
      type: "container.v0",
      image: "ghcr.io/owner/web:1.2",
      entrypoint: "/bin/web",
      args: ["--serve"],
      bindMounts: [{ source: "../conf", target: "/etc/web", readOnly: true }],
      volumes: [{ name: "data", target: "/data", readOnly: false }],
      bindings: { http: { scheme: "http", protocol: "tcp", transport: "http", targetPort: 80 } },
    });
    expect(all["client"]).toMatchObject({
      workingDirectory: "../../opt/client",
      env: { WEB_HTTP: "{web.bindings.http.url}", services__web__http__0: "{web.bindings.http.url}" },
    });
  });

  test("what is excluded is not there, what is needed and was not added is", async () => {
    const app = builder();
    const foreign = builder().addParameter("foreign");
    app.addExecutable("a", "a", ".").withEnvironment("X", foreign);
    app.addExecutable("b", "b", ".").excludeFromManifest();
    expect(Object.keys(await resources(app))).toEqual(["a", "foreign"]);
  });
});

describe("the schema refuses", () => {
  const manifest = (entry: object) => ({ resources: { it: entry } });

  test.each<[string, unknown, RegExp]>([
    ["no resources", {}, /the manifest must have required property 'resources'/],
    ["no type", manifest({}), /resources\.it must have required property 'type'/],
    ["no path", manifest({ type: "azure.bicep.v0" }), /resources\.it must have required property 'path'/],
    ["a member of another type", manifest({ type: "value.v0", connectionString: "", path: "" }), /"path"/],
    ["a scope where none may be", manifest({ type: "azure.bicep.v0", path: "", scope: {} }), /"scope"/],
    [
      "image and build",
      manifest({ type: "container.v1", image: "", build: { context: "", dockerfile: "" } }),
      /exactly one/,
    ],
    [
      "a number for a text",
      manifest({ type: "executable.v0", command: "", workingDirectory: "", env: { A: 1 } }),
      /resources\.it\.env\.A must be string/,
    ],
    ["another filter", manifest({ type: "annotated.string", value: "", filter: "html" }), /\["uri"\]/],
  ])("%s", (_, wrong, message) => {
    const faults = checkManifest(wrong);
    expect(faults).not.toEqual([]);
    expect(faults.join("\n")).toMatch(message);
  });

  test("types that it does not know pass", () => {
    expect(checkManifest(manifest({ type: "mine.v0", anything: 1 }))).toEqual([]);
  });
});

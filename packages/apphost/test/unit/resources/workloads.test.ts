import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collectArguments } from "../../../src/model/environment.ts";
import type { Workload } from "../../../src/model/workload.ts";
import { allocate, emptyApp, publishedEnvironment, resolvedEnvironment } from "../ground.ts";

async function words(workload: Workload): Promise<(string | undefined)[]> {
  const args = await collectArguments(workload);
  return Promise.all(args.map((arg) => arg.resolve({ viewpoint: "host" })));
}

describe("containers", () => {
  test.each([
    ["redis", undefined, "redis:latest"],
    ["redis:8.6", undefined, "redis:8.6"],
    ["redis", "8.6", "redis:8.6"],
    ["ghcr.io/owner/name:1", undefined, "ghcr.io/owner/name:1"],
    ["localhost:5000/name", undefined, "localhost:5000/name:latest"],
    [`redis@sha256:${"0".repeat(64)}`, undefined, `redis@sha256:${"0".repeat(64)}`],
  ])("%s with the tag %s is %s", (image, tag, reference) => {
    expect(emptyApp().addContainer("c", image, tag).imageReference).toBe(reference);
  });

  test.each(["", "/redis", "redis/"])("%j is no image", (image) => {
    expect(() => emptyApp().addContainer("c", image)).toThrow(expect.objectContaining({ code: "APP_MODEL" }));
  });

  test("have image, volumes, folders, lifetime and words for the engine", async () => {
    const app = emptyApp();
    const container = app
      .addContainer("c", "redis")
      .withImageRegistry("docker.io")
      .withImageTag("8")
      .withVolume("v", "/data")
      .withVolume("w", "/data", { isReadOnly: true })
      .withBindMount("conf", "/conf", { isReadOnly: true })
      .withLifetime("persistent")
      .withContainerName("fixed")
      .withContainerRuntimeArgs("--cpus", 1);
    expect(container).toMatchObject({
      imageReference: "docker.io/redis:8",
      lifetime: "persistent",
      containerName: "fixed",
      mounts: [
        { kind: "volume", source: "w", target: "/data", readOnly: true },
        { kind: "bind", source: join(app.directory, "conf"), target: "/conf", readOnly: true },
      ],
    });
    expect(container.runtimeArgs.map(({ published }) => published)).toEqual(["--cpus", "1"]);
    expect(() => container.withVolume("v", "data")).toThrow("must start with /");
  });
});

describe("programs", () => {
  test("of this machine start in their folder", async () => {
    const app = emptyApp();
    const worker = app
      .addExecutable("worker", "python", "./worker", ["main.py"])
      .withArgs("-v", ["--level", 3]);
    expect(worker).toMatchObject({ command: "python", workingDirectory: join(app.directory, "worker") });
    expect(await words(worker)).toEqual(["main.py", "-v", "--level", "3"]);
    expect(() => app.addExecutable("none", "", ".")).toThrow("needs a command");
  });

  test("of Node run scripts, in development here and in production when published", async () => {
    const app = emptyApp();
    const api = app.addNodeApp("api", "./api", "src/server.js", ["--quiet"]).withArgs("more");
    expect(api.command).toBe(process.execPath);
    expect(emptyApp("publish").addNodeApp("api", ".", "a.js").command).toBe("node");
    expect(await words(api)).toEqual(["src/server.js", "--quiet", "more"]);
    expect(await resolvedEnvironment(api)).toEqual({ NODE_ENV: "development" });
    const published = emptyApp("publish").addNodeApp("api", "./api", "src/server.ts");
    expect(await publishedEnvironment(published)).toEqual({ NODE_ENV: "production" });
    expect(await words(published)).toEqual(["src/server.ts"]);
  });

  test("of TypeScript run as they are", async () => {
    const api = emptyApp().addNodeApp("api", "./api", "server.ts");
    const [flag, loader, script, ...none] = (await words(api)).toSpliced(0, 0);
    const old = Number(process.versions.node.split(".")[0]) < 22;
    if (old) expect([flag, script, none]).toEqual(["--import", "server.ts", []]);
    if (old) expect(loader).toMatch(/^file:.*loader\/register\.js$/);
    else expect((await words(api)).at(-1)).toBe("server.ts");
  });

  test("of a package.json run by npm and others", async () => {
    const app = emptyApp();
    expect(await words(app.addNpmApp("n", ".", "start", ["--fast"]))).toEqual([
      "run",
      "start",
      "--",
      "--fast",
    ]);
    expect(await words(app.addJavaScriptApp("j", "."))).toEqual(["run", "dev"]);
    const yarn = app.addNpmApp("y", ".", "start", ["--fast"]).withYarn().withRunScript("go");
    expect(yarn.command).toBe("yarn");
    expect(await words(yarn)).toEqual(["run", "go", "--fast"]);
    const vite = app.addViteApp("v", "./web");
    allocate([vite.getEndpoint("http"), 5173]);
    expect(await words(vite)).toEqual(["run", "dev", "--", "--port", "5173"]);
    expect(await resolvedEnvironment(vite)).toEqual({ NODE_ENV: "development", PORT: "5173" });
  });

  test("may have their packages installed first", async () => {
    const app = emptyApp();
    const web = app.addViteApp("web", "./web").withNpm({ install: true, installCommand: "ci" });
    const installer = app.find("web-installer");
    expect(installer).toMatchObject({ command: "npm", workingDirectory: join(app.directory, "web") });
    expect(web.waits).toEqual([{ on: installer, until: "completed", exitCode: 0 }]);
    web.withPnpm();
    expect(app.find("web-installer")).toBeUndefined();
    expect(web.waits).toEqual([]);
  });
});

describe("a tunnel", () => {
  test("is a plain address in front of what speaks TLS", async () => {
    const app = emptyApp();
    const cache = app.addRedis("cache");
    const tunnel = app.addTunnel("plain", cache, { port: 6399 });
    allocate([tunnel.primary, 6399]);
    const old = app.addExecutable("old", "true", ".").withReference(tunnel);
    expect(await resolvedEnvironment(old)).toEqual({
      ConnectionStrings__plain: "localhost:6399",
      PLAIN_HOST: "localhost",
      PLAIN_PORT: "6399",
      PLAIN_URI: "redis://localhost:6399",
    });
    expect(tunnel.waits).toEqual([{ on: cache, until: "healthy" }]);
  });

  test("cannot be published, and says what can", () => {
    const app = emptyApp("publish");
    const tunnel = app.addTunnel("plain", app.addRedis("cache"));
    expect(tunnel.excludedFromManifest).toBe(true);
    expect(() => tunnel.connectionString()).toThrow(
      expect.objectContaining({ code: "APP_PUBLISH", hint: expect.stringContaining('"cache"') }),
    );
  });
});

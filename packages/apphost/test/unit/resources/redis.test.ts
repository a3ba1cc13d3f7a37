import { describe, expect, test } from "vitest";
import { collectArguments } from "../../../src/model/environment.ts";
import { emptyApp, publishedEnvironment, resolvedEnvironment } from "../ground.ts";

describe("published, a Redis", () => {
  test("is a container whose shell starts it, with the password in its environment", async () => {
    const app = emptyApp("publish");
    const cache = app
      .addRedis("cache")
      .withModule("/usr/local/lib/redis/modules/rejson.so")
      .withModule("/usr/local/lib/redis/modules/rejson.so")
      .withDataVolume({ name: "kept" });
    expect(cache).toMatchObject({ imageReference: "docker.io/library/redis:8.6", entrypoint: "/bin/sh" });
    const args = await collectArguments(cache);
    expect(args.map(({ published }) => published)).toEqual([
      "-c",
      "redis-server --requirepass $REDIS_PASSWORD --loadmodule /usr/local/lib/redis/modules/rejson.so --save 60 1",
    ]);
    expect(await publishedEnvironment(cache)).toEqual({ REDIS_PASSWORD: "{cache-password.value}" });
    expect(cache.mounts).toEqual([{ kind: "volume", source: "kept", target: "/data", readOnly: false }]);
    expect(
      cache.endpoints.map(({ name, scheme, targetPort, tls }) => [name, scheme, targetPort, tls]),
    ).toEqual([["tcp", "redis", 6379, false]]);
  });

  test("has a generated password without specials", () => {
    const app = emptyApp("publish");
    app.addRedis("cache");
    expect(app.find("cache-password")).toMatchObject({ secret: true, generate: { special: false } });
  });
});

describe("when the app runs, a Redis", () => {
  test("speaks TLS, has a password that stays, and a health check", async () => {
    const app = emptyApp();
    const cache = app.addRedis("cache", { port: 6400 });
    expect(cache).toMatchObject({ tlsEnabled: true, icon: "Database", containerised: false });
    expect(cache.primary).toMatchObject({ scheme: "rediss", port: 6400, targetPort: 6379 });
    expect(cache.healthChecks.map(({ name }) => name)).toEqual(["cache_check"]);
    const { REDIS_PASSWORD } = await resolvedEnvironment(cache);
    expect(REDIS_PASSWORD).toMatch(/^[A-Za-z0-9]{22,}$/);
    expect(app.configuration.get("Parameters:cache-password")).toBe(REDIS_PASSWORD);
    expect(await collectArguments(cache)).toEqual([]);
  });

  test("has a plain endpoint by choice", () => {
    const cache = emptyApp().addRedis("cache").withPlainEndpoint().withPlainEndpoint();
    expect(cache.endpoints.map(({ name, scheme, tls }) => [name, scheme, tls])).toEqual([
      ["tcp", "rediss", true],
      ["secondary", "redis", false],
    ]);
    expect(emptyApp("publish").addRedis("cache").withPlainEndpoint().endpoints).toHaveLength(1);
  });
});

describe("its data", () => {
  test("lies in a volume named after app and resource, and snapshots are written", () => {
    const app = emptyApp();
    const cache = app.addRedis("cache").withDataVolume();
    expect(cache.data).toEqual({
      kind: "volume",
      source: `${app.identity.slice(0, 10)}-cache-data`,
      readOnly: false,
    });
    expect(cache.persistence).toEqual({ interval: 60_000, keysChangedThreshold: 1 });
  });

  test("read-only writes none", () => {
    expect(emptyApp().addRedis("cache").withDataVolume({ isReadOnly: true }).persistence).toBeUndefined();
  });

  test("lies in a folder of this machine, from the app's file", () => {
    const app = emptyApp();
    const cache = app.addRedis("cache").withDataBindMount("data");
    expect(cache.data).toEqual({ kind: "bind", source: `${app.directory}/data`, readOnly: false });
  });

  test.each([
    [30_000, 30_000],
    ["5m", 300_000],
    ["90s", 90_000],
    ["2000ms", 2000],
    ["1h", 3_600_000],
  ])("snapshots after %s", (interval, milliseconds) => {
    for (const order of ["before", "after"]) {
      const cache = emptyApp().addRedis("cache");
      if (order === "after") cache.withDataVolume();
      cache.withPersistence({ interval, keysChangedThreshold: 10 });
      if (order === "before") cache.withDataVolume();
      expect(cache.persistence).toEqual({ interval: milliseconds, keysChangedThreshold: 10 });
    }
  });

  test.each([
    [{ interval: 1500 }, "1500 ms are none"],
    [{ interval: 0 }, "whole seconds"],
    [{ interval: Number.NaN }, "whole seconds"],
    [{ interval: "soon" }, 'interval is "soon"'],
    [{ keysChangedThreshold: 0 }, "keysChangedThreshold"],
  ])("%j is refused", (options, words) => {
    expect(() => emptyApp().addRedis("cache").withPersistence(options)).toThrow(words);
  });

  test("a volume needs a name, and a module a path", () => {
    expect(() => emptyApp().addRedis("cache").withDataVolume({ name: "../up" })).toThrow("name of a volume");
    expect(() => emptyApp().addRedis("cache").withModule("rejson.so")).toThrow("starts with /");
  });
});

describe("its password", () => {
  test("may be another one; the one that was made for it goes", () => {
    const app = emptyApp();
    const other = app.addParameter("other", { secret: true, value: "x" });
    const cache = app.addRedis("cache").withPassword(other);
    expect(app.find("cache-password")).toBeUndefined();
    expect(cache.passwordParameter).toBe(other);
    expect(app.addRedis("second", { password: other }).passwordParameter).toBe(other);
    expect(app.find("second-password")).toBeUndefined();
  });
});

test("its port may be any, one, or any again", () => {
  const cache = emptyApp().addRedis("cache").withHostPort(6500);
  expect(cache.primary.port).toBe(6500);
  expect(cache.withHostPort({ port: 6501 }).primary.port).toBe(6501);
  expect(cache.withHostPort(null).primary.port).toBeUndefined();
  expect(() => cache.withHostPort(70_000)).toThrow(expect.objectContaining({ code: "APP_MODEL" }));
});

describe("tokens in place of a password", () => {
  test("are told to programs as Azure tells them", () => {
    const app = emptyApp();
    const cache = app.addRedis("cache").withTokenSimulation({ lifetime: "10m" });
    expect(app.find("cache-password")).toBeUndefined();
    expect(cache.simulatedIdentity?.lifetime).toBe(600_000);
    expect(cache.consumerVariables().map(([name, { secret }]) => [name, secret])).toEqual([
      ["IDENTITY_ENDPOINT", false],
      ["IDENTITY_HEADER", true],
    ]);
    expect(emptyApp("publish").addRedis("cache").withTokenSimulation().simulatedIdentity).toBeUndefined();
  });

  test("do not go with kept data, modules or plain text", () => {
    const code = expect.objectContaining({ code: "APP_MODEL" });
    expect(() => emptyApp().addRedis("c").withDataVolume().withTokenSimulation()).toThrow(code);
    expect(() => emptyApp().addRedis("c").withModule("/m.so").withTokenSimulation()).toThrow(code);
    expect(() => emptyApp().addRedis("c").withoutHttpsCertificate().withTokenSimulation()).toThrow(code);
    expect(() => emptyApp().addRedis("c").withTokenSimulation({ lifetime: 10 })).toThrow(code);
  });
});

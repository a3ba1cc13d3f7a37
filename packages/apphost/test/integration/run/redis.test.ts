import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { createClient } from "@redoubt/client";
import { expect, test } from "vitest";
import type { Engine } from "../../../src/run/engine.ts";
import { RunGround, written } from "../../run-ground.ts";

async function client(engine: Engine, name: string, ground: RunGround) {
  const url = await engine.connectionString(name);
  const ca = await readFile(`${ground.variables["REDOUBT_HOME"]}/ca/ca.pem`, "utf8");
  return createClient({ url, tls: { ca } }).connect();
}

test("a Redis speaks TLS under the CA of this machine, with a password that stays; consumers trust it", async () => {
  const ground = await RunGround.create();
  const describe = async () => {
    const app = ground.builder();
    const cache = app.addRedis("cache");
    const script = `
      import { readFileSync } from "node:fs";
      import { connect } from "node:tls";
      const { CACHE_HOST: host, CACHE_PORT: port, NODE_EXTRA_CA_CERTS } = process.env;
      const socket = connect({ host, port, servername: host }, () => {
        console.log("authorized", socket.authorized, readFileSync(NODE_EXTRA_CA_CERTS, "utf8").includes("CERTIFICATE"));
        console.log(process.env.ConnectionStrings__cache);
        process.exit(0);
      });
      socket.on("error", (error) => { console.log(error.message); process.exit(1); });`;
    app
      .addExecutable("consumer", process.execPath, ".", [await ground.write("consumer.mjs", script)])
      .withReference(cache)
      .waitFor(cache);
    return app;
  };
  const first = await ground.start(await describe());
  await first.waitFor("consumer", "Finished", { timeout: 30_000 });
  const string = await first.connectionString("cache");
  expect(string).toMatch(/^localhost:\d+,password=[A-Za-z0-9]{22,},ssl=true$/);
  const password = /password=([^,]+)/.exec(string)?.[1] ?? "";
  // What the program wrote had the password in it.
  expect(written(first, "consumer")).toEqual(["authorized true true", "*****"]);
  expect(JSON.stringify(first.snapshots())).not.toContain(password);
  expect(JSON.stringify(await first.reveal("consumer"))).toContain(password);
  const redis = await client(first, "cache", ground);
  expect(await redis.ping()).toBe("PONG");
  redis.destroy();
  await first.stop();

  const second = await ground.start(await describe());
  await second.waitFor("cache", "healthy", { timeout: 30_000 });
  expect(await second.connectionString("cache")).toBe(string);
});

test("a cache that is killed is Exited, its dependents go on, and it comes back on the same port with its data", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  app.addRedis("cache").withDataVolume();
  const engine = await ground.start(app);
  await engine.waitFor("cache", "healthy", { timeout: 30_000 });
  const before = await engine.endpoint("cache");
  const redis = await client(engine, "cache", ground);
  await redis.set("key", "kept");
  redis.destroy();
  const { properties } = engine.snapshot("cache");
  process.kill(Number(properties["Process"]?.value), "SIGKILL");
  const gone = await engine.waitFor("cache", "Exited", { timeout: 20_000 });
  expect(gone.message).toBe("was ended by SIGKILL");
  expect(gone.exitCode).toBeUndefined();
  await engine.start("cache");
  await engine.waitFor("cache", "healthy", { timeout: 30_000 });
  expect(await engine.endpoint("cache")).toEqual(before);
  const again = await client(engine, "cache", ground);
  expect(await again.get("key")).toBe("kept");
  again.destroy();
});

test("a program without TLS reaches a Redis through a tunnel", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  const cache = app.addRedis("cache");
  app.addTunnel("plain", cache);
  const engine = await ground.start(app);
  await engine.waitFor("plain", "healthy", { timeout: 30_000 });
  const { host, port } = await engine.endpoint("plain");
  const redis = await createClient({ url: `redis://${host}:${port}` }).connect();
  await redis.set("through", "tunnel");
  redis.destroy();
  const direct = await client(engine, "cache", ground);
  expect(await direct.get("through")).toBe("tunnel");
  direct.destroy();
});

test("a plain Redis with a second port, persistence, and data that are only to be read", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  app.addRedis("plain").withoutHttpsCertificate().withPlainEndpoint();
  app.addRedis("both").withPlainEndpoint().withPersistence({ interval: "90s", keysChangedThreshold: 5 });
  const engine = await ground.start(app);
  for (const name of ["plain", "both"]) {
    await engine.waitFor(name, "healthy", { timeout: 30_000 });
    const { port } = await engine.endpoint(name, "secondary");
    const password = /password=([^,]+)/.exec(await engine.connectionString(name))?.[1] ?? "";
    const redis = await createClient({ url: `redis://:${password}@localhost:${port}` }).connect();
    expect(await redis.ping()).toBe("PONG");
    if (name === "both") expect(await redis.configGet("save")).toEqual({ save: "90 5" });
    redis.destroy();
  }
});

test("the state of an app is readable by its user only", async () => {
  const ground = await RunGround.create();
  const app = ground.builder();
  app.addRedis("cache");
  const engine = await ground.start(app);
  await engine.waitFor("cache", "healthy", { timeout: 30_000 });
  for (const file of [app.stateFolder, dirname(app.stateFolder)])
    expect((await stat(file)).mode & 0o077).toBe(0);
  for (const file of ["running.json", "ports.json", "secrets.development.json"])
    expect((await stat(`${app.stateFolder}/${file}`)).mode & 0o777).toBe(0o600);
});

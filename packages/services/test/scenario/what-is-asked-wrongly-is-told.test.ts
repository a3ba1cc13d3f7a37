import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { inspect } from "node:util";
import { createClient } from "@redoubt/client";
import { expect, test } from "vitest";
import { projectAuthority } from "../../src/identity/authority.ts";
import { openServices } from "../../src/services/project.ts";
import { Store } from "../../src/state/store.ts";
import { ground, redisCli, say } from "../ground.ts";

test("names, protection, power, plans, users: a code, the reason, and nothing is changed", async () => {
  await using place = await ground();
  const { services } = place;
  const { revision } = await services.create("my-redis", {
    terminationProtection: true,
    tags: { team: "a" },
  });
  const wrong: readonly [string, () => Promise<unknown>, RegExp][] = [
    ["SERVICE_UNKNOWN", () => services.get("my-rediss"), /Did you mean my-redis\?/],
    ["SERVICE_UNKNOWN", () => services.update("../my-redis", {}), /There is no service/],
    ["SERVICE_EXISTS", () => services.create("my-redis"), /already/],
    ["SERVICE_PROTECTED", () => services.terminate("my-redis"), /protected/],
    ["SERVICE_PROTECTED", () => services.powerOff("my-redis"), /protected/],
    ["SERVICE_UNFIT", () => services.failover("my-redis"), /no replica/],
    ["SERVICE_UNFIT", () => services.update("my-redis", { plan: "business-4" }), /1 node/],
    ["SERVICE_UNFIT", () => services.userDelete("my-redis", "default"), /cannot be deleted/],
    ["SERVICE_USER_UNKNOWN", () => services.userGet("my-redis", "defualt"), /Did you mean default\?/],
    ["SERVICE_USER_EXISTS", () => services.userCreate("my-redis", "default"), /already/],
    ["SERVICE_USER_EXISTS", () => services.userCreate("my-redis", "redoubt-operator"), /already/],
    ["CONFIG_INVALID_VALUE", () => services.create("My_Redis"), /position 0/],
    ["CONFIG_INVALID_VALUE", () => services.create("two words"), /position 3/],
    ["CONFIG_INVALID_VALUE", () => services.update("my-redis", { idle: -1 }), /idle/],
    [
      "CONFIG_INVALID_VALUE",
      () => services.update("my-redis", { userConfig: { redis_timeout: -5 } }),
      /redis_timeout/,
    ],
    [
      "CONFIG_UNKNOWN_KEY",
      () => services.update("my-redis", { userConfig: { redis_timeuot: 5 } }),
      /redis_timeuot/,
    ],
    ["CONFIG_INVALID_VALUE", () => services.tagsUpdate("my-redis", { "a b": "c" }), /a b/],
    ["CONFIG_INVALID_VALUE", () => services.userPasswordReset("my-redis", "default", "short"), /password/],
    [
      "CONFIG_INVALID_VALUE",
      () => services.userCreate("my-redis", "ann", { accessControl: { keys: ["a b"] } }),
      /keys\[0\]/,
    ],
    [
      "CONFIG_INVALID_VALUE",
      () => services.userCreate("my-redis", "ann", { accessControl: { categories: ["+@nonsense"] } }),
      /refuses the rules/,
    ],
  ];
  for (const [code, ask, message] of wrong)
    await expect(ask(), String(ask)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  const after = await services.get("my-redis");
  // What the server itself refused was put back: that counts as two changes.
  expect(after).toMatchObject({
    revision: revision + 2,
    tags: { team: "a" },
    userConfig: {},
    plan: "startup-1",
  });
  expect(after.users.map(({ username }) => username)).toEqual(["default"]);

  await services.update("my-redis", { terminationProtection: false });
  await services.powerOff("my-redis");
  await expect(services.failover("my-redis")).rejects.toMatchObject({ code: "SERVICE_POWERED_OFF" });
  await expect(services.wait(["my-redis"])).rejects.toMatchObject({ code: "SERVICE_POWERED_OFF" });

  const record = join(place.home, "services/my-redis/service.json");
  const text = await readFile(record, "utf8");
  await writeFile(record, text.slice(0, -40));
  const broken = await services.get("my-redis").catch((error: unknown) => error);
  expect(broken).toMatchObject({ code: "SERVICE_STATE" });
  expect(inspect(broken)).not.toContain(after.uriParams.password);
  await writeFile(record, text);
});

test("a port that somebody else has taken meanwhile is named, and the service runs as soon as it is free", async () => {
  await using place = await ground();
  const { services } = place;
  const made = await services.create("one");
  await services.powerOff("one");
  const thief = createServer().listen(made.nodes[0]?.port, "127.0.0.1");
  await once(thief, "listening");
  await expect(services.powerOn("one")).rejects.toMatchObject({
    code: "SERVICE_FAILED",
    message: expect.stringMatching(/redis-1 ended.*(address|in use|listen)/i),
  });
  thief.close();
  const again = await services.powerOn("one");
  expect(again).toMatchObject({ state: "RUNNING", uri: made.uri });
});

test("users may do what their lists say and no more, and no command that the service keeps for itself", async () => {
  await using place = await ground();
  const { services } = place;
  const { uri } = await services.create("one");
  for (const command of [["CONFIG", "GET", "*"], ["ACL", "LIST"], ["SHUTDOWN"], ["REPLICAOF", "NO", "ONE"]])
    expect(await redisCli(place, uri, ...command)).toContain("NOPERM");
  const access = { categories: ["-@all", "+@read"], commands: ["set"], keys: ["app:*"], channels: [] };
  await services.userCreate("one", "ann", { accessControl: access });
  const ann = await services.connectionUri("one", { username: "ann" });
  expect(await redisCli(place, ann, "SET", "app:1", "x")).toBe("OK");
  expect(await redisCli(place, ann, "GET", "app:1")).toBe("x");
  expect(await redisCli(place, ann, "SET", "other", "x")).toContain("NOPERM");
  expect(await redisCli(place, ann, "DEL", "app:1")).toContain("NOPERM");
  expect(await redisCli(place, ann, "PUBLISH", "news", "x")).toContain("NOPERM");
  await services.userSetAccessControl("one", "ann", { ...access, commands: ["+set", "+del"] });
  expect(await redisCli(place, ann, "DEL", "app:1")).toBe("1");
  const reset = await services.userPasswordReset("one", "ann", "another-password");
  expect(reset.password).toBe("another-password");
  expect(await redisCli(place, ann, "PING")).toContain("WRONGPASS");
  await services.userDelete("one", "ann");
  expect((await services.userList("one")).map(({ username }) => username)).toEqual(["default"]);
  // All of it is there again after everything was started anew.
  await services.powerOff("one");
  await services.powerOn("one");
  expect(await redisCli(place, uri, "CONFIG", "GET", "*")).toContain("NOPERM");
  const events = JSON.stringify(await services.events("one"));
  expect(events).not.toContain("another-password");
});

test("a certificate is exchanged and no connection is dropped; credentials are reset and old ones fail", async () => {
  await using place = await ground();
  const { services, home } = place;
  const made = await services.create("one");
  const client = createClient(`${made.uri}?sslrootcert=${home}/ca/ca.pem`);
  client.on("error", () => {});
  await client.connect();
  const id = await client.sendCommand(["CLIENT", "ID"]);
  const rotated = await services.rotateCertificate("one");
  expect(rotated.certificate).toMatchObject({ rotations: 1 });
  expect(rotated.certificate.fingerprint).not.toBe(made.certificate.fingerprint);
  expect(await client.sendCommand(["CLIENT", "ID"])).toBe(id);
  client.destroy();
  expect(await say(place, made.uri, ["PING"])).toEqual(["PONG"]);
  const reset = await services.credentialsReset("one");
  expect(reset.uri).not.toBe(made.uri);
  expect(await redisCli(place, made.uri, "PING")).toContain("WRONGPASS");
  expect(await redisCli(place, reset.uri, "PING")).toBe("PONG");
});

test("a certificate that is about to expire is exchanged by itself", async () => {
  await using place = await ground();
  const { services, home } = place;
  const made = await services.create("one");
  await services.powerOff("one");
  const authority = await projectAuthority(new Store(home));
  const soon = await authority.issue({ notAfter: new Date(Date.now() + 86_400_000) });
  await writeFile(join(made.folder, "certificates/server-1.pem"), soon.certificate);
  await writeFile(join(made.folder, "certificates/server-1.key"), soon.key);
  await services.powerOn("one");
  await expect
    .poll(async () => (await services.get("one")).certificate.rotations, { timeout: 60_000 })
    .toBe(1);
  const { certificate, uri } = await services.get("one");
  expect(Date.parse(certificate.expires)).toBeGreaterThan(Date.now() + 300 * 86_400_000);
  expect(await redisCli(place, uri, "PING")).toBe("PONG");
});

test("a type whose server is not installed: nothing is made", async () => {
  await using place = await ground();
  const path = process.env["PATH"];
  process.env["PATH"] = place.home;
  try {
    await expect(place.services.create("my-redis")).rejects.toMatchObject({
      code: "SERVICE_FAILED",
      message: expect.stringContaining("redis-server is not on the PATH"),
    });
  } finally {
    process.env["PATH"] = path;
  }
  expect(await place.services.names()).toEqual([]);
});

test("a folder of state that is a file is told", async () => {
  await using place = await ground();
  const home = join(place.home, "file");
  await writeFile(home, "");
  const services = openServices({ home, actor: "test" });
  for (const ask of [() => services.names(), () => services.create("my-redis")])
    await expect(ask()).rejects.toMatchObject({
      code: "SERVICE_STATE",
      message: expect.stringContaining(home),
      hint: expect.stringContaining("REDOUBT_HOME"),
    });
});

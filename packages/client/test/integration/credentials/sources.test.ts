import { mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import {
  type Client,
  createClient,
  fileCredentials,
  type RedoubtError,
  staticCredentials,
} from "@redoubt/client";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let server: RedisServer;
let folder: string;
let observer: Client;
beforeAll(async () => {
  server = await startServer({ users: { app: { password: "first-secret" } } });
  observer = await createClient(server.uri).connect();
  folder = await mkdtemp(join(tmpdir(), "redoubt-credentials-"));
});
afterAll(async () => {
  observer.destroy();
  await server.stop();
  await rm(folder, { recursive: true });
});

/** The user gets another password. Connections stay logged in. */
const setPassword = (password: string) =>
  server.command("ACL", "SETUSER", "app", "resetpass", `>${password}`);

/** How often somebody has logged in with AUTH; connecting takes HELLO. */
const auths = async (): Promise<number> =>
  Number(/cmdstat_auth:calls=(\d+)/.exec(await observer.info("commandstats"))?.[1] ?? 0);

describe("user and password", () => {
  test("as an object, and as a provider", async () => {
    await setPassword("static-secret");
    for (const credentials of [
      { username: "app", password: "static-secret" },
      staticCredentials({ username: "app", password: "static-secret" }),
    ]) {
      await using client = await createClient({ url: server.uri, credentials }).connect();
      expect(await client.aclWhoAmI()).toBe("app");
      expect(inspect(client, { depth: 20, showHidden: true })).not.toContain("static-secret");
    }
  });

  test("said twice is an error", () => {
    const credentials = { username: "app", password: "a" };
    expect(() => createClient({ url: server.uri, credentials, password: "b" })).toThrowError(
      expect.objectContaining({
        code: "CONFIG_AMBIGUOUS",
        message: expect.stringContaining("credentials, password"),
      }),
    );
  });

  test("that are none are an error", () => {
    for (const credentials of [7, "secret", null, {}, { username: "a" }])
      expect(() => createClient({ url: server.uri, credentials: credentials as never })).toThrowError(
        expect.objectContaining({ code: "CONFIG_INVALID_VALUE" }),
      );
  });
});

describe("a function", () => {
  test("is asked for every connection where it says no time of expiry", async () => {
    let asked = 0;
    await setPassword("password-1");
    await using client = await createClient({
      url: server.uri,
      credentials: () => ({ username: "app", password: `password-${++asked}` }),
    }).connect();
    expect([asked, await client.aclWhoAmI()]).toEqual([1, "app"]);
    await setPassword("password-2");
    const before = await auths();
    await using other = await client.duplicate().connect();
    expect([asked, await other.aclWhoAmI()]).toEqual([2, "app"]);
    // What one connection learns, the other ones are told.
    await expect.poll(auths).toBe(before + 1);
  });

  test("that gives what the server refuses is asked once more", async () => {
    let asked = 0;
    await setPassword("new-secret");
    await using client = await createClient({
      url: server.uri,
      credentials: async () => ({
        username: "app",
        password: asked++ === 0 ? "old-secret" : "new-secret",
        expiresAt: new Date(Date.now() + 3_600_000),
      }),
    }).connect();
    expect([asked, await client.aclWhoAmI()]).toEqual([2, "app"]);
  });

  test.each([
    ["nothing", undefined],
    ["no password", { username: "app" }],
    ["an empty password", { password: "" }],
    ["a user name that is none", { username: 7, password: "hidden-secret" }],
    ["a time that is none", { password: "hidden-secret", expiresAt: "soon" }],
  ])("that gives %s is told so", async (_, given) => {
    const client = createClient({
      url: server.uri,
      credentials: () => given as never,
      socket: { connectTimeout: 300 },
    });
    const error = await client.connect().catch((reason: RedoubtError) => reason);
    expect(error).toMatchObject({ code: "AUTH_PROVIDER_FAILED", stage: "credentials" });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("hidden-secret");
  });

  test("that throws is the cause", async () => {
    const cause = new Error("the vault is sealed");
    const client = createClient({
      url: server.uri,
      credentials: () => Promise.reject(cause),
      socket: { connectTimeout: 300 },
    });
    await expect(client.connect()).rejects.toMatchObject({ code: "AUTH_PROVIDER_FAILED", cause });
  });
});

describe("a file", () => {
  test("is read again when a link to it is moved, and open connections log in with it", async () => {
    await setPassword("mounted-1");
    await server.command("ACL", "SETUSER", "app", ">mounted-2");
    await writeFile(join(folder, "v1"), "mounted-1\n");
    await writeFile(join(folder, "v2"), "mounted-2\r\n");
    const path = join(folder, "password");
    await symlink("v1", path);
    await using client = await createClient({
      url: server.uri,
      credentials: fileCredentials(path, { username: "app", interval: 20 }),
    }).connect();
    const id = await client.clientId();
    const before = await auths();
    await client.set("seen", "1");
    await symlink("v2", join(folder, "next"));
    await rename(join(folder, "next"), path);
    await expect.poll(auths).toBe(before + 1);
    expect(await client.clientId()).toBe(id);
    // The old password is gone: who connects now needs the new one.
    await server.command("ACL", "SETUSER", "app", "<mounted-1");
    await using other = await client.duplicate().connect();
    expect(await other.aclWhoAmI()).toBe("app");
  });

  test("may name the user, as JSON", async () => {
    await setPassword("json-secret");
    const path = join(folder, "login.json");
    await writeFile(path, JSON.stringify({ username: "app", password: "json-secret" }));
    await using client = await createClient({
      url: server.uri,
      credentials: fileCredentials(path),
    }).connect();
    expect(await client.aclWhoAmI()).toBe("app");
  });

  test.each([
    ["absent", null, /ENOENT/],
    ["broken JSON", '{"password": "hidden-secret"', /not JSON/],
    ["empty", "\n", /no password/],
  ])("that is %s is an error that names it", async (name, text, why) => {
    const path = join(folder, `bad ${name}`);
    if (text !== null) await writeFile(path, text);
    const client = createClient({
      url: server.uri,
      credentials: fileCredentials(path),
      socket: { connectTimeout: 300 },
    });
    const error = await client.connect().catch((reason: RedoubtError) => reason);
    expect(error).toMatchObject({ code: "AUTH_PROVIDER_FAILED", message: expect.stringContaining(path) });
    expect(inspect(error)).toMatch(why);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("hidden-secret");
  });
});

describe("node-redis's providers", () => {
  test("that are asked", async () => {
    await setPassword("asked-secret");
    await using client = await createClient({
      url: server.uri,
      credentialsProvider: {
        type: "async-credentials-provider",
        credentials: async () => ({ username: "app", password: "asked-secret" }),
      },
    }).connect();
    expect(await client.aclWhoAmI()).toBe("app");
  });

  test("that tell by themselves: what they tell goes to the open connection; they are ended with the last client", async () => {
    await setPassword("stream-1");
    await server.command("ACL", "SETUSER", "app", ">stream-2");
    const events: string[] = [];
    let tell: (credentials: { username?: string; password?: string }) => void = () => {};
    let fail: (error: Error) => void = () => {};
    const client = await createClient({
      url: server.uri,
      credentialsProvider: {
        type: "streaming-credentials-provider",
        subscribe: async (listener) => {
          events.push("subscribed");
          tell = listener.onNext;
          fail = listener.onError;
          return [{ username: "app", password: "stream-1" }, { dispose: () => events.push("disposed") }];
        },
      },
    }).connect();
    client.on("error", ({ code, cause }) => events.push(`${code}: ${(cause as Error).message}`));
    const before = await auths();
    tell({ username: "app", password: "stream-2" });
    await expect.poll(auths).toBe(before + 1);
    fail(new Error("no network"));
    await client.close();
    expect(events).toEqual(["subscribed", "AUTH_PROVIDER_FAILED: no network", "disposed"]);
  });

  test("of another type are an error", () => {
    expect(() =>
      createClient({ url: server.uri, credentialsProvider: { type: "magic" } as never }),
    ).toThrowError(expect.objectContaining({ code: "CONFIG_INVALID_VALUE" }));
  });
});

import { mkdtemp, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute } from "../redoubt.ts";
import { Home } from "./home.ts";

const chosen = "chosen-S3cret/with:signs";
let home: Home;
/** What everybody could have seen: all that was printed to people, beside the URIs that were asked for. */
let seen = "";

beforeAll(async () => {
  home = await Home.make();
  // What is in the environment of the command that makes a service is not left in that of its keeper.
  await home.said(["create", "my-redis"], { environment: { REDOUBT_NEW_PASSWORD: chosen } });
}, 120_000);

afterAll(async () => {
  await home[Symbol.asyncDispose]();
}, 120_000);

const ping = async (uri: string, ...command: string[]) => {
  const { username, password, port } = new URL(uri);
  const ca = await home.said(["get", "my-redis", "--format", "{ca_file}"]);
  const words = ["-h", "localhost", "-p", port, "--user", username, "--tls", "--cacert", ca, ...command];
  const { stdout } = await execute("redis-cli", words, {
    environment: { REDISCLI_AUTH: decodeURIComponent(password) },
  });
  return stdout.trim();
};

describe("users", () => {
  test("one that is created may do what its lists say", async () => {
    const lists = [
      "--redis-acl-categories",
      "+@read",
      "--redis-acl-commands",
      "+ping",
      "--redis-acl-keys",
      "cache:*",
    ];
    const uri = await home.said(["user-create", "my-redis", "--username", "reader", ...lists]);
    expect(new URL(uri).username).toBe("reader");
    expect(await ping(uri, "PING")).toBe("PONG");
    expect(await ping(uri, "GET", "cache:1")).toBe("");
    expect(await ping(uri, "GET", "other")).toContain("NOPERM");
    expect(await ping(uri, "SET", "cache:1", "x")).toContain("NOPERM");
    const table = await home.said(["user-list", "my-redis"]);
    expect(table).toMatch(/^reader +normal +cache:\* +\+ping +\+@read/m);
  });

  test("its lists are said anew", async () => {
    await home.said(["user-set-access-control", "my-redis", "--username", "reader", "--redis-acl-keys", "*"]);
    const uri = await home.said(["connection-info", "my-redis", "uri", "--username", "reader"]);
    expect(await ping(uri, "SET", "other", "x")).toBe("OK");
    const { code, stderr } = await home.service([
      "user-set-access-control",
      "my-redis",
      "--username",
      "reader",
    ]);
    expect([code, stderr.includes("--redis-acl-keys")]).toEqual([2, true]);
  });

  test.each([
    ["stdin", ["--new-password-stdin"], { stdin: chosen }],
    ["the environment", ["--new-password"], { environment: { REDOUBT_NEW_PASSWORD: chosen } }],
  ])("a password is chosen on %s", async (_where, words, options) => {
    await home.said(["user-password-reset", "my-redis", "--username", "reader"]);
    const reset = ["user-password-reset", "my-redis", "--username", "reader", ...words];
    const { code, stdout, stderr } = await home.service(reset, options);
    expect(code, stderr).toBe(0);
    seen += stderr;
    expect(decodeURIComponent(new URL(stdout.trim()).password)).toBe(chosen);
    expect(await ping(stdout.trim(), "PING")).toBe("PONG");
  });

  test("an empty one is refused, and the old one stays", async () => {
    const { code } = await home.service(
      ["user-password-reset", "my-redis", "--username", "reader", "--new-password-stdin"],
      { stdin: "" },
    );
    expect(code).toBe(2);
    expect(await home.said(["connection-info", "my-redis", "password", "--username", "reader"])).toBe(chosen);
  });

  test("a password cannot be an argument", async () => {
    const words = ["user-password-reset", "my-redis", "--username", "reader", "--new-password", chosen];
    const { code, stdout, stderr } = await home.service(words);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain(chosen);
  });

  test("the credentials of default are reset, and the old ones are refused", async () => {
    const before = await home.said(["connection-info", "my-redis", "uri"]);
    const after = await home.said(["credentials-reset", "my-redis"]);
    expect(after).not.toBe(before);
    expect(await ping(after, "PING")).toBe("PONG");
    expect(await ping(before, "PING")).toContain("NOAUTH");
  });

  test("a client certificate is written for one, its key for nobody else's eyes", async () => {
    const folder = await mkdtemp(join(home.folder, "creds-"));
    await home.said(["user-creds-download", "my-redis", "--username", "reader", "-d", join(folder, "deep")]);
    expect((await readdir(join(folder, "deep"))).sort()).toEqual(["ca.pem", "service.cert", "service.key"]);
    expect((await stat(join(folder, "deep", "service.key"))).mode & 0o777).toBe(0o600);
    const cert = join(folder, "deep", "service.cert");
    const { stdout } = await execute("openssl", ["verify", "-CAfile", join(folder, "deep", "ca.pem"), cert]);
    expect(stdout).toContain("OK");
  });

  test("one that is deleted is gone", async () => {
    await home.said(["user-create", "my-redis", "--username", "short"]);
    await home.said(["user-delete", "my-redis", "--username", "short"]);
    expect((await home.service(["user-get", "my-redis", "--username", "short"])).stderr).toContain(
      "SERVICE_USER_UNKNOWN",
    );
    expect((await home.service(["user-create", "my-redis", "--username", "reader"])).stderr).toContain(
      "SERVICE_USER_EXISTS",
    );
  });
});

test("passwords are in no event, no table, no log", async () => {
  for (const words of [
    ["events", "my-redis", "--json"],
    ["list", "-v"],
    ["user-list", "my-redis", "--json"],
    ["get", "my-redis", "-v"],
  ])
    seen += await home.said(words);
  expect(seen).toContain("user_password_reset");
  const passwords = (await home.said(["user-list", "my-redis", "--format", "{password}", "--reveal"])).split(
    "\n",
  );
  expect(passwords).toContain(chosen);
  for (const password of passwords) expect(seen).not.toContain(password);
});

test.runIf(process.platform === "linux")(
  "passwords are in no command line and no environment of a process",
  async () => {
    const passwords = (
      await home.said(["user-list", "my-redis", "--format", "{password}", "--reveal"])
    ).split("\n");
    let ours = 0;
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const read = (file: string) => readFile(join("/proc", pid, file), "utf8").catch(() => "");
      const [line, variables] = [await read("cmdline"), await read("environ")];
      // Only what belongs to this service: others may hold anything.
      if (!`${line}${variables}`.includes(home.folder) || pid === String(process.pid)) continue;
      ours++;
      for (const password of passwords) expect(`${line}${variables}`.includes(password), line).toBe(false);
    }
    expect(ours).toBeGreaterThan(1);
  },
);

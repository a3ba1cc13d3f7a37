import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { createClient } from "@redoubt/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute, program } from "../redoubt.ts";
import { startTunnel } from "../tunnel-process.ts";
import { Home } from "./home.ts";

const [python = "", hasRedisPy = false] =
  ["python3", "/usr/bin/python3"]
    .map((name) => [name, spawnSync(name, ["-c", "import redis"]).status === 0] as const)
    .find(([, has]) => has) ?? [];

const hasStunnel = spawnSync("stunnel", ["-version"]).error === undefined;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

let home: Home;
let uri: string;
let ca: string;
/** What create said beside the URI. */
let talk: string;

beforeAll(async () => {
  home = await Home.make();
  const { stdout, stderr } = await home.service(["create", "my-redis"]);
  uri = stdout.trim();
  talk = stderr;
  ca = await home.said(["get", "my-redis", "--format", "{ca_file}"]);
}, 120_000);

afterAll(async () => {
  await home[Symbol.asyncDispose]();
}, 120_000);

test("create prints a URI with TLS and a password, and nothing else on stdout", () => {
  expect(uri).toMatch(/^rediss:\/\/default:[^@]+@localhost:\d+$/);
  const password = decodeURIComponent(new URL(uri).password);
  expect(talk).not.toContain(password);
  expect(talk).toContain("redoubt ping");
});

describe("it is reached by", () => {
  test("redis-cli with the CA", async () => {
    const { stdout } = await execute("redis-cli", ["-u", uri, "--cacert", ca, "PING"]);
    expect(stdout.trim()).toBe("PONG");
  });

  test("the client, chain and name verified", async () => {
    await using client = await createClient(
      await home.said(["connection-info", "my-redis", "uri", "--ca"]),
    ).connect();
    await client.set("greeting", "hello");
    expect(await client.get("greeting")).toBe("hello");
  });

  test("redoubt ping, and not without the CA", async () => {
    const trusting = await home.said(["connection-info", "my-redis", "uri", "--ca"]);
    expect((await home.redoubt(["ping", "-"], { stdin: trusting })).code).toBe(0);
    expect((await home.redoubt(["ping", "-"], { stdin: uri })).code).toBe(5);
  });

  test("redoubt cli by its name, without a password in sight", async () => {
    expect((await home.redoubt(["cli", "--service", "my-redis", "SET", "by", "name"])).stdout.trim()).toBe(
      "OK",
    );
    expect((await home.redoubt(["cli", "-u", "my-redis", "GET", "by"])).stdout.trim()).toBe("name");
    expect(await home.said(["cli", "my-redis", "GET", "by"])).toBe("name");
    expect(await home.said(["cli", "my-redis", "-n", "3", "GET", "by"])).toBe("");
  });

  test("what is tagged as production asks before it destroys", async () => {
    await home.said(["tags", "update", "my-redis", "--add-tag", "environment=production"]);
    const { code, stderr } = await home.service(["cli", "my-redis", "FLUSHALL"]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/production/i);
    await home.said(["tags", "replace", "my-redis"]);
    expect(await home.said(["cli", "my-redis", "GET", "by"])).toBe("name");
  });

  test("a program without TLS, through redoubt tunnel", async () => {
    const trusting = await home.said(["connection-info", "my-redis", "uri", "--ca"]);
    await using tunnel = await startTunnel([], trusting, home.environment);
    const { stdout } = await execute("redis-cli", [
      "-p",
      String(tunnel.port),
      "SET",
      "through",
      "the tunnel",
    ]);
    expect(stdout.trim()).toBe("OK");
  });

  test("every user of the machine's own CA file: ca-get gives the same", async () => {
    const file = join(await mkdtemp(join(home.folder, "ca-")), "deep", "ca.pem");
    expect(await home.said(["ca-get", "--target-filepath", file])).toBe("");
    const [written, kept] = [await readFile(file, "utf8"), await readFile(ca, "utf8")];
    expect(written.trim()).toBe(kept.trim());
    expect((await home.said(["ca-get"])).trim()).toBe(kept.trim());
  });
});

describe("what is shown", () => {
  test("list and get mask the password until --reveal", async () => {
    const password = decodeURIComponent(new URL(uri).password);
    for (const words of [
      ["list", "-v"],
      ["get", "my-redis", "-v"],
      ["get", "my-redis", "--json"],
      ["user-list", "my-redis", "--json"],
    ]) {
      const text = await home.said(words);
      expect(text).toContain("*****");
      expect(text).not.toContain(password);
    }
    expect(await home.said(["get", "my-redis", "--format", "{service_uri}", "--reveal"])).toBe(uri);
    expect(await home.said(["user-list", "my-redis", "--format", "{password}", "--reveal"])).toBe(password);
  });

  test("the JSON of a service has the names of managed services", async () => {
    const document = JSON.parse(await home.said(["get", "my-redis", "--json"])) as Record<string, unknown>;
    expect(document).toMatchObject({
      service_name: "my-redis",
      service_type: "redis",
      plan: "startup-1",
      state: "RUNNING",
      service_uri_params: { host: "localhost", user: "default", ssl: true, password: "*****" },
      user_config: {},
      termination_protection: false,
      tags: {},
    });
    const list = JSON.parse(await home.said(["list", "--json"])) as unknown[];
    expect(list).toHaveLength(1);
  });

  test("a table for people; names written apart mean the same", async () => {
    const [heads = "", rulers = "", row = ""] = (await home.said(["list"])).split("\n");
    expect(heads).toMatch(/^SERVICE_NAME {2}SERVICE_TYPE {2}STATE/);
    expect(rulers).toMatch(/^=+ {2}=+/);
    expect(row).toMatch(/^my-redis +redis +RUNNING +startup-1 /);
    expect(await home.said(["user", "list", "my-redis"])).toBe(await home.said(["user-list", "my-redis"]));
  });

  test("a name that there is not is refused with the nearest one", async () => {
    const { code, stderr } = await home.service(["get", "my-rediss"]);
    expect(code).toBe(1);
    expect(stderr).toContain("SERVICE_UNKNOWN");
    expect(stderr).toContain("my-redis");
  });

  test("in a list, too, after those that there are", async () => {
    const { code, stdout, stderr } = await home.service([
      "list",
      "my-redis",
      "my-rediss",
      "--format",
      "{service_name}",
    ]);
    expect([code, stdout]).toEqual([1, "my-redis\n"]);
    expect(stderr).toContain("SERVICE_UNKNOWN");
  });

  test("the second of the same name is refused, or taken as it is", async () => {
    expect((await home.service(["create", "my-redis"])).stderr).toContain("SERVICE_EXISTS");
    expect(await home.said(["create", "my-redis", "--no-fail-if-exists"])).toBe(uri);
  });
});

describe("snippets do what they say", () => {
  const passwordless = async (form: string) => {
    const text = await home.said(["connection-info", "my-redis", form]);
    expect(text).not.toContain(decodeURIComponent(new URL(uri).password));
    return text;
  };

  test("redis-cli", async () => {
    const text = await passwordless("redis-cli");
    const folder = await mkdtemp(join(home.folder, "snippet-"));
    // As a shell of the user has it: with redoubt on the PATH.
    await writeFile(join(folder, "redoubt"), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, {
      mode: 0o755,
    });
    const { stdout, stderr } = await execute("sh", ["-eu", "-c", text], {
      environment: { ...home.environment, PATH: `${folder}:${process.env["PATH"]}` },
    });
    expect(stdout.trim(), stderr).toBe("PONG");
  });

  test.each([
    ["redoubt", ["--ca"]],
    ["node-redis", []],
    ["ioredis", []],
  ])("%s", async (form, words) => {
    const text = await passwordless(form);
    // Beside the tests, where the libraries are found.
    const { stdout, stderr } = await execute(process.execPath, ["--input-type=module", "--eval", text], {
      environment: { REDIS_URL: await home.said(["connection-info", "my-redis", "uri", ...words]) },
    });
    expect(stdout.trim(), stderr).toBe("PONG");
  });

  test.skipIf(!hasRedisPy)("python", async () => {
    const text = await passwordless("python");
    const { stdout, stderr } = await execute(python, ["-c", text], {
      environment: { REDIS_URL: await home.said(["connection-info", "my-redis", "uri"]) },
    });
    expect(stdout.trim(), stderr).toBe("True");
  });

  test.skipIf(!hasStunnel)("stunnel.conf, by the real stunnel", async () => {
    const text = await passwordless("stunnel.conf");
    const port = await freePort();
    const file = join(await mkdtemp(join(home.folder, "stunnel-")), "stunnel.conf");
    const accept = text.replace(/^accept = .*$/m, `accept = 127.0.0.1:${port}`);
    await writeFile(file, `foreground = yes\npid =\n${accept}\n`);
    const stunnel = spawn("stunnel", [file], { stdio: "ignore" });
    try {
      const ping = async () => {
        const { stdout } = await execute("redis-cli", ["-p", String(port), "PING"], {
          environment: { REDISCLI_AUTH: decodeURIComponent(new URL(uri).password) },
        });
        return stdout.trim();
      };
      await expect.poll(ping).toBe("PONG");
    } finally {
      stunnel.kill();
    }
  });

  test("lines for .env", async () => {
    const text = await home.said(["connection-info", "my-redis", "env"]);
    expect(text).toContain(`REDIS_URL=${uri}`);
    expect(text).toContain("REDIS_SSL=true");
  });

  test("in the order of the original", async () => {
    expect(await home.said(["connection-info", "redis", "uri", "my-redis"])).toBe(uri);
    expect(await home.said(["connection-info", "uri", "my-redis"])).toBe(uri);
  });

  test("without a form: what there is, password masked", async () => {
    const document = JSON.parse(await home.said(["connection-info", "my-redis", "--json"])) as Record<
      string,
      unknown
    >;
    expect(document).toMatchObject({ host: "localhost", password: "*****", ssl: true, ca_file: ca });
  });
});

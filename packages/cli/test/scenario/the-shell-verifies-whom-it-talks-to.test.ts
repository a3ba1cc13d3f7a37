import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

let server: RedisServer;
let folder: string;
let ca: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "redoubt-shell-"));
  server = await startServer({ listen: "both" });
  ca = join(folder, "ca.pem");
  writeFileSync(ca, server.authority.certificate);
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const cli = (words: string[], options: Parameters<typeof redoubt>[1] = {}) =>
  redoubt(["cli", ...words], options);
const auth = () => ({ environment: { REDISCLI_AUTH: server.password ?? "" } });

describe("the same server, by every way of saying it", () => {
  test.each([
    ["a URL", () => ["-u", server.uri, "--cacert", ca, "--no-auth-warning"]],
    ["redli's flags", () => ["--uri", server.uri, "--certfile", ca, "--no-auth-warning"]],
    [
      "redis-cli's flags",
      () => ["-h", "localhost", "-p", `${server.tlsPort}`, "--tls", "--cacert", ca, "--user", "default"],
    ],
    ["StackExchange.Redis", () => ["-u", `localhost:${server.tlsPort},ssl=true`, "--cacert", ca]],
    ["IPv4 only", () => ["-4", "-h", "localhost", "-p", `${server.tlsPort}`, "--tls", "--cacert", ca]],
    [
      "a folder of certificates",
      () => ["-h", "localhost", "-p", `${server.tlsPort}`, "--tls", "--cacertdir", folder],
    ],
    [
      "a certificate in base64",
      () => ["--host=localhost", `--port=${server.tlsPort}`, "--tls", "--certb64", base64()],
    ],
    [
      "suites of TLS 1.3",
      () => [
        "-p",
        `${server.tlsPort}`,
        "--tls",
        "--cacert",
        ca,
        "--tls-ciphersuites",
        "TLS_AES_256_GCM_SHA384",
      ],
    ],
    ["plain text", () => ["-h", "127.0.0.1", "-p", `${server.port}`]],
  ])("%s", async (_, words) => {
    const { code, stdout, stderr } = await cli([...words(), "ping"], auth());
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "PONG\n", stderr: "" });
  });

  const base64 = () => Buffer.from(server.authority.certificate).toString("base64");

  test("the environment", async () => {
    const environment = { REDIS_URL: server.uri };
    expect(await cli(["echo", "x"], { environment })).toMatchObject({ code: 0, stdout: "x\n", stderr: "" });
  });
});

test("a certificate of nobody that is trusted is refused", async () => {
  const { code, stdout, stderr } = await cli(
    ["-h", "localhost", "-p", `${server.tlsPort}`, "--tls", "ping"],
    auth(),
  );
  expect(stdout).toBe("");
  expect(stderr).toMatch(/TLS_(SELF_SIGNED|UNTRUSTED|ISSUER_UNKNOWN)/);
  expect(code).toBe(5);
});

test("a certificate for another name is refused", async () => {
  await using other = await startServer({ certificate: "other-host" });
  writeFileSync(join(folder, "other.pem"), other.authority.certificate);
  const words = [
    "-h",
    "127.0.0.1",
    "-p",
    `${other.tlsPort}`,
    "--tls",
    "--cacert",
    join(folder, "other.pem"),
    "ping",
  ];
  const { code, stderr } = await cli(words, { environment: { REDISCLI_AUTH: other.password ?? "" } });
  expect(stderr).toContain("TLS_NAME_MISMATCH");
  expect(code).toBe(5);
});

test("a plain server behind --tls is named at once, not waited for", async () => {
  const words = ["-h", "127.0.0.1", "-p", `${server.port}`, "--tls", "ping"];
  const { code, stderr, ms } = await cli(words, auth());
  expect(stderr).toContain("TLS_PEER_IS_PLAINTEXT");
  expect(code).toBe(5);
  expect(ms).toBeLessThan(30_000);
});

test("a wrong password ends with 6, and no command is sent", async () => {
  const words = ["-p", `${server.port}`, "-a", "wrong-password", "set", "key", "value"];
  const { code, stdout, stderr } = await cli(words);
  expect(stdout).toBe("");
  expect(stderr).toContain("Warning: Using a password with '-a' or '-u' option");
  expect(stderr).toContain("AUTH_FAILED");
  expect(stderr).not.toContain("wrong-password");
  expect(code).toBe(6);
});

test("no password where one is wanted ends with 6, unless the command brings it", async () => {
  expect(await cli(["-p", `${server.port}`, "ping"])).toMatchObject({ code: 6, stdout: "" });
  const words = ["-p", `${server.port}`, "auth", server.password ?? ""];
  expect(await cli(words)).toMatchObject({ code: 0, stdout: "OK\n" });
  const stdin = `auth ${server.password}\necho in\n`;
  expect(await cli(["-p", `${server.port}`], { stdin })).toMatchObject({ code: 0, stdout: "OK\nin\n" });
});

test("nobody there ends with 4", async () => {
  const { code, stderr } = await cli(["-h", "127.0.0.1", "-p", "1", "ping"]);
  expect(stderr).toContain("TCP_REFUSED");
  expect(code).toBe(4);
});

test.each([
  [["--nosuch"], "CONFIG_UNKNOWN_KEY"],
  [["-p"], "CONFIG_MISSING"],
  [["-p", "x"], "CONFIG_INVALID_VALUE"],
  [["--cacert", "x", "ping"], "CONFIG_INSECURE"],
  [["--ldb"], "CONFIG_UNSUPPORTED"],
  [["--quoted-input", "echo", '"x'], "CONFIG_SYNTAX"],
  [["--eval", "/nowhere/script.lua"], "CONFIG_FILE"],
  [["-X", "TAG", "echo"], "CONFIG_MISSING"],
  [["--service", "nosuch"], "CONFIG_MISSING"],
])("%s ends with 2", async (words, error) => {
  const { code, stderr, stdout } = await cli(["-h", "127.0.0.1", "-p", `${server.port}`, ...words], auth());
  expect(stderr).toContain(error);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

describe("on production", () => {
  const words = () => ["-u", `redis://127.0.0.1:${server.port}?production=true`];

  test("what destroys is refused without a terminal, and the flag to say so is named", async () => {
    await server.command("SET", "kept", "1");
    for (const command of [["flushall"], ["config", "set", "maxmemory", "1"], ["DEBUG", "sleep", "0"]]) {
      const { code, stdout, stderr } = await cli([...words(), ...command], auth());
      expect(stderr).toContain("CONFIG_PRODUCTION");
      expect(stderr).toContain("--yes-destroy");
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    }
    expect(await server.command("EXISTS", "kept")).toBe(1);
  });

  test("from a pipe, too, and raw protocol", async () => {
    const piped = await cli(words(), { ...auth(), stdin: "set a 1\nflushdb\nget a\n" });
    expect(piped.stdout).toBe("OK\n1\n");
    expect(piped.stderr).toContain("CONFIG_PRODUCTION");
    const raw = await cli([...words(), "--pipe"], { ...auth(), stdin: "FLUSHALL\r\n" });
    expect(raw).toMatchObject({ code: 2, stdout: "" });
    expect(await server.command("EXISTS", "kept")).toBe(1);
  });

  test("with --yes-destroy it is done, and what destroys nothing is never asked about", async () => {
    expect(await cli([...words(), "get", "kept"], auth())).toMatchObject({ code: 0, stdout: "1\n" });
    expect(await cli([...words(), "del", "kept"], auth())).toMatchObject({ code: 0, stdout: "1\n" });
    expect(await cli([...words(), "--yes-destroy", "flushall"], auth())).toMatchObject({
      code: 0,
      stdout: "OK\n",
    });
  });
});

test("help needs no server, and says which flags there are", async () => {
  const { code, stdout } = await cli(["--help"]);
  expect(stdout).toContain("--latency-history");
  expect(code).toBe(0);
});

test("whoever has seen enough ends it", async () => {
  const { execute, program } = await import("./redoubt.ts");
  const line = `'${process.execPath}' '${program}' cli -p ${server.port} -r -1 ping | head -2`;
  const { code, stdout } = await execute("sh", ["-c", line], auth());
  expect({ code, stdout }).toEqual({ code: 0, stdout: "PONG\nPONG\n" });
});

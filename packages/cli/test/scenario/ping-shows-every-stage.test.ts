import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

const socket = join(tmpdir(), `redoubt-cli-${process.pid}.sock`);
const userPassword = "pass word/with+odd%bytes=";

let server: RedisServer;

beforeAll(async () => {
  server = await startServer({
    listen: "both",
    users: { reader: { password: userPassword, rules: "~* +@read +@connection" } },
    config: [`unixsocket ${socket}`],
  });
});

afterAll(async () => {
  await server.stop();
  await rm(socket, { force: true });
});

const stage = (name: string) => ({ name, ok: true, ms: expect.any(Number), detail: expect.any(String) });

describe("over TLS", () => {
  test("a person sees stages, certificate, server and a verdict", async () => {
    const { code, stdout, stderr } = await redoubt(["ping", server.uri]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    for (const name of ["dns", "tcp", "tls", "auth"])
      expect(stdout).toMatch(new RegExp(`^  ${name} +ok +\\d+\\.\\d ms`, "m"));
    expect(stdout).toMatch(/TLSv1\.3, TLS_\w+/);
    expect(stdout).toMatch(/chain and name \(localhost\)/);
    expect(stdout).toMatch(/names +.*localhost.*127\.0\.0\.1/);
    expect(stdout).toMatch(/issuer +.*Redoubt authority/);
    expect(stdout).toMatch(/36\d days left/);
    expect(stdout).toMatch(/server +(redis|valkey) \d+\.\d+\.\d+, standalone, master, RESP3/);
    expect(stdout).toMatch(/^PONG {2}ready in \d+\.\d ms/m);
  });

  test("what may surprise about the string is said on stderr", async () => {
    const text = `localhost:${server.tlsPort}?ssl=true&poolsize=9&username=reader&password=${encodeURIComponent(userPassword)}`;
    const { code, stdout, stderr } = await redoubt(["ping", "--cacert", server.caFile, text]);
    expect(stderr).toBe("unknown-option  The option poolsize is not known; ServiceStack ignores it\n");
    expect(stdout).toMatch(/^PONG/m);
    expect(code).toBe(0);
  });

  test("a program gets the same as JSON", async () => {
    const { code, stdout, stderr } = await redoubt(["ping", "--json", server.uri]);
    expect(stderr).toBe("");
    const result = JSON.parse(stdout);
    expect(Object.keys(result).sort()).toEqual(["error", "ok", "server", "stages", "target", "tls"]);
    expect(result).toMatchObject({
      ok: true,
      error: null,
      target: {
        dialect: "url",
        endpoints: [{ host: "localhost", port: server.tlsPort }],
        tls: { enabled: true, verify: "full" },
        username: "default",
        password: "*****",
      },
      server: {
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        mode: "standalone",
        role: "master",
        resp: 3,
      },
      tls: {
        protocol: "TLSv1.3",
        verification: "full",
        verifiedName: "localhost",
        certificate: { names: expect.arrayContaining(["localhost"]), daysLeft: expect.any(Number) },
      },
    });
    expect(result.stages.slice(0, 4)).toEqual(["dns", "tcp", "tls", "auth"].map(stage));
    expect(code).toBe(0);
  });

  test("an ACL user with a password of odd characters gets in", async () => {
    const { code, stdout } = await redoubt(["ping", "--json", server.uriFor({ username: "reader" })]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, target: { username: "reader" } });
    expect(code).toBe(0);
  });

  test("another dialect and the CA as an option", async () => {
    const text = `localhost:${server.tlsPort},password=${server.password},ssl=True`;
    const { code, stdout } = await redoubt(["ping", "--json", "--cacert", server.caFile, text]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, error: null, target: { dialect: "stackexchange" } });
    expect(code).toBe(0);
  });

  test("redis-cli's arguments need no quotes", async () => {
    const port = String(server.tlsPort);
    const words = [
      "-h",
      "localhost",
      "-p",
      port,
      "--tls",
      "--cacert",
      server.caFile,
      "-a",
      String(server.password),
    ];
    const { code, stdout } = await redoubt(["ping", "--json", "--", ...words]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, target: { dialect: "redis-cli" } });
    expect(code).toBe(0);
  });

  test("the string comes from stdin or the environment", async () => {
    const piped = await redoubt(["ping", "--json", "-"], { stdin: `${server.uri}\n` });
    expect(JSON.parse(piped.stdout)).toMatchObject({ ok: true });
    const found = await redoubt(["ping", "--json"], { environment: { REDIS_URL: server.uri } });
    expect(JSON.parse(found.stdout)).toMatchObject({ ok: true });
  });

  test("another name is verified than the one dialled", async () => {
    const uri = server.uri.replace("@localhost:", "@127.0.0.1:");
    const { stdout } = await redoubt(["ping", "--json", "--servername", "localhost", uri]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, tls: { verifiedName: "localhost" } });
  });

  test("--insecure connects, warns, and says that nothing was verified", async () => {
    await using other = await startServer({ certificate: "other-authority" });
    const { code, stdout, stderr } = await redoubt(["ping", "--json", "--insecure", other.uri]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, tls: { verification: "none" } });
    expect(stderr).toContain("--insecure");
    expect(code).toBe(0);
  });
});

test("a client certificate is shown where the server wants one", async () => {
  await using strict = await startServer({ clientCertificates: "required" });
  const { certFile, keyFile } = await strict.clientCertificate();
  const { code, stdout } = await redoubt([
    "ping",
    "--json",
    "--cert",
    certFile,
    "--key",
    keyFile,
    strict.uri,
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, error: null });
  expect(code).toBe(0);
});

test("plain text works where it is asked for, and is called so", async () => {
  const { code, stdout } = await redoubt(["ping", server.uriFor({ tls: false })]);
  expect(stdout).toMatch(/tls +none: what is sent can be read on the way/);
  expect(stdout).toContain("PONG");
  expect(code).toBe(0);
});

test("a Unix socket", async () => {
  const password = encodeURIComponent(String(server.password));
  const { code, stdout } = await redoubt(["ping", "--json", `unix://:${password}@${socket}`]);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    tls: null,
    target: { endpoints: [{ host: socket, port: 0 }] },
  });
  expect(code).toBe(0);
});

test("TLS options on a plain target are refused", async () => {
  const file = join(tmpdir(), `redoubt-cli-${process.pid}.pem`);
  await writeFile(file, server.ca);
  const { code, stderr } = await redoubt(["ping", "--cacert", file, server.uriFor({ tls: false })]);
  await rm(file);
  expect(stderr).toContain("CONFIG_INSECURE");
  expect(code).toBe(2);
});

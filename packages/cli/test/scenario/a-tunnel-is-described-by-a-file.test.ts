import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { execute, program, redoubt } from "./redoubt.ts";

// A machine that is busy with other things is no reason to fail.
vi.setConfig({ testTimeout: 120_000 });

let server: RedisServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "redoubt-file-"));
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("a file of two tunnels, secrets in the environment", async () => {
  const file = join(folder, "tunnel.yaml");
  const sockets = ["a", "b"].map((name) => join(folder, `${name}.sock`)) as [string, string];
  await writeFile(
    file,
    `tunnels:
  - to: { env: REDIS_URL }
    listen: unix:${sockets[0]}
  - to: { env: REDIS_URL }
    listen: unix:${sockets[1]}
    password: { env: LOCAL }
    connections: 0
drain: 1000
`,
  );
  const child = spawn(process.execPath, [program, "tunnel", "--config", file], {
    env: { PATH: process.env["PATH"], REDIS_URL: server.uri, LOCAL: "local-secret" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  try {
    while (!output.includes(`${sockets[1]}\n`)) await once(child.stdout, "data");
    const cli = (socket: string, environment = {}) =>
      execute("redis-cli", ["-s", socket, "PING"], { environment });
    expect((await cli(sockets[0])).stdout).toBe("PONG\n");
    expect((await cli(sockets[1])).stdout).toContain("NOAUTH");
    expect((await cli(sockets[1], { REDISCLI_AUTH: "local-secret" })).stdout).toBe("PONG\n");
  } finally {
    child.kill("SIGTERM");
  }
  const [code] = (await once(child, "close")) as [number | null];
  expect(code).toBe(0);
  expect(output).not.toContain("local-secret");
  expect(output).not.toContain(String(server.password));
});

test("what is wrong in it is named with file, line and key", async () => {
  const file = join(folder, "wrong.yaml");
  await writeFile(file, "to: { env: REDIS_URL }\nlisten: 0\nconections: 3\n");
  const { code, stderr } = await redoubt(["tunnel", "--config", file], {
    environment: { REDIS_URL: server.uri },
  });
  expect(code).toBe(2);
  expect(stderr).toContain(`${file}:3:1: there is no key "conections"`);
  expect(stderr).toContain('Did you mean "connections"?');
});

test("a secret in a file that others may read is remarked on", async () => {
  const file = join(folder, "open.yaml");
  await writeFile(file, `to: ${JSON.stringify(server.uri)}\nlisten: 0\nstatus: 0.0.0.0:0\n`);
  await chmod(file, 0o644);
  const { code, stderr } = await redoubt(["tunnel", "--config", file]);
  expect(stderr).toContain("The file holds a secret and others may read it");
  // It does not even start: the address for the status is open to others, and nobody said so.
  expect(code).toBe(2);
});

test("redoubt tunnel unit prints a unit", async () => {
  const { code, stdout } = await redoubt(["tunnel", "unit", "--config", "/etc/redoubt/cache.yaml"]);
  expect(code).toBe(0);
  expect(stdout).toContain("LoadCredential=tunnel.yaml:/etc/redoubt/cache.yaml\n");
  expect((await redoubt(["tunnel", "unit", "--config", "relative"])).code).toBe(2);
});

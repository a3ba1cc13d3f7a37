import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { type Authority, createAuthority, type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { execute, program, redoubt } from "./redoubt.ts";

let server: RedisServer;
let authority: Authority;
let folder: string;
let caFile: string;

beforeAll(async () => {
  server = await startServer({ listen: "plain" });
  authority = await createAuthority();
  folder = await mkdtemp(join(tmpdir(), "redoubt-terminate-"));
  caFile = join(folder, "ca.crt");
  await writeFile(caFile, authority.certificate);
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Certificate and key in one file, put in place in one step. */
async function certificate(name: string, commonName: string): Promise<string> {
  const issued = await authority.issue({ commonName });
  const file = join(folder, name);
  await writeFile(`${file}.new`, issued.certificate + issued.key);
  await rename(`${file}.new`, file);
  return file;
}

interface Running extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly port: number;
  readonly status: string;
  /** All that it wrote so far. */
  readonly output: () => { readonly stdout: string; readonly stderr: string };
  readonly ended: Promise<unknown[]>;
}

/** Starts `redoubt terminate`, and waits until it says where it listens. */
async function start(words: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, [program, "terminate", "--listen", "0", "--status", "0", ...words], {
    env: { PATH: process.env["PATH"], REDIS_URL: server.uri },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (part: Buffer) => (stdout += part.toString()));
  child.stderr.on("data", (part: Buffer) => (stderr += part.toString()));
  const ended = once(child, "close");
  await expect.poll(() => stderr, { timeout: 15_000 }).toContain("/metrics");
  return {
    child,
    port: Number(/rediss:\/\/127\.0\.0\.1:(\d+)/.exec(stderr)?.[1]),
    status: /http:\/\/[\d.:]+/.exec(stderr)?.[0] ?? "",
    output: () => ({ stdout, stderr }),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function client(port: number): Promise<TLSSocket> {
  const socket = connect({ port, host: "127.0.0.1", servername: "localhost", ca: authority.certificate });
  socket.on("error", () => {});
  await once(socket, "secureConnect");
  return socket;
}

async function say(socket: TLSSocket, words: string): Promise<string> {
  const heard = once(socket, "data") as Promise<[Buffer]>;
  socket.write(words);
  return (await heard)[0].toString();
}

async function shownBy(port: number): Promise<string> {
  const socket = await client(port);
  const { CN } = socket.getPeerCertificate().subject as { CN: string };
  socket.destroy();
  return CN;
}

test("SIGHUP reads certificates again without a dropped connection, and a broken one is not used", async () => {
  const file = await certificate("reload.pem", "before");
  await using running = await start(["--cert", file]);
  const socket = await client(running.port);
  expect(await say(socket, `AUTH ${server.password ?? ""}\r\n`)).toBe("+OK\r\n");
  await writeFile(`${file}.new`, "rubbish");
  await rename(`${file}.new`, file);
  running.child.kill("SIGHUP");
  await expect.poll(() => running.output().stderr).toContain("the old ones stay in force");
  expect(await shownBy(running.port)).toBe("before");
  await certificate("reload.pem", "after");
  running.child.kill("SIGHUP");
  await expect.poll(() => running.output().stderr).toContain("The certificates were read again");
  expect(await shownBy(running.port)).toBe("after");
  expect(await say(socket, "PING\r\n")).toBe("+PONG\r\n");
  socket.destroy();
});

/** Why connections ended, by the access log. */
function reasonsIn(log: string): string[] {
  return log
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { reason: string }).reason);
}

test("SIGTERM drains: no new connections, and what is open may finish", async () => {
  const file = await certificate("drain.pem", "drain");
  await using running = await start(["--cert", file, "--drain", "5m", "--log", "json"]);
  const [one, other] = [await client(running.port), await client(running.port)];
  expect(await say(one, "PING\r\n")).toContain("NOAUTH");
  expect((await fetch(`${running.status}/ready`)).status).toBe(200);
  running.child.kill("SIGTERM");
  await expect.poll(() => running.output().stderr).toContain("Stopping: 2 connections open.");
  expect((await fetch(`${running.status}/ready`)).status).toBe(503);
  expect((await fetch(`${running.status}/live`)).status).toBe(200);
  await expect(client(running.port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  expect(await say(one, "PING\r\n")).toContain("NOAUTH");
  one.end();
  other.end();
  expect(await running.ended).toEqual([0, null]);
  const { stdout, stderr } = running.output();
  expect(stderr).toContain("Stopped: 2 connections finished, 0 closed.");
  expect(reasonsIn(stdout)).toEqual(["client-closed", "client-closed"]);
});

test("when the time for draining is over, what is left is closed in order", async () => {
  const file = await certificate("closed.pem", "closed");
  await using running = await start(["--cert", file, "--drain", "100ms", "--log", "json"]);
  const staying = await client(running.port);
  expect(await say(staying, "PING\r\n")).toContain("NOAUTH");
  const ended = once(staying, "end");
  staying.resume();
  running.child.kill("SIGTERM");
  await ended;
  expect(await running.ended).toEqual([0, null]);
  const { stdout, stderr } = running.output();
  expect(stderr).toContain("Stopped: 0 connections finished, 1 closed.");
  expect(reasonsIn(stdout)).toEqual(["drained"]);
});

test("several processes share the port and the status, and one that dies is replaced", async () => {
  const file = await certificate("crew.pem", "crew");
  await using running = await start(["--cert", file, "--workers", "2", "--log", "json"]);
  const sockets: TLSSocket[] = [];
  for (let i = 0; i < 6; i++) sockets.push(await client(running.port));
  for (const socket of sockets) expect(await say(socket, "PING\r\n")).toContain("NOAUTH");
  const metrics = async () => (await fetch(`${running.status}/metrics`)).text();
  expect(await metrics()).toMatch(/^redoubt_tunnel_connections_open\{[^}]*\} 6$/m);
  expect(await metrics()).toMatch(/^redoubt_tunnel_backend_up\{[^}]*\} 1$/m);
  const workers = async () => {
    const { stdout } = await execute("pgrep", ["-P", String(running.child.pid)]);
    return stdout.trim().split("\n").map(Number);
  };
  const [first, second] = await workers();
  process.kill(second as number, "SIGKILL");
  await expect.poll(async () => (await workers()).filter((pid) => pid !== second).length).toBe(2);
  expect((await workers()).includes(first as number)).toBe(true);
  await expect.poll(async () => (await fetch(`${running.status}/ready`)).status).toBe(200);
  running.child.kill("SIGHUP");
  await expect.poll(() => running.output().stderr).toContain("The certificates were read again");
  for (const socket of sockets) socket.destroy();
  running.child.kill("SIGTERM");
  expect(await running.ended).toEqual([0, null]);
  expect(running.output().stderr).toContain("Stopped.");
  // Half of the connections went down with the process that was killed, and have no line.
  expect(reasonsIn(running.output().stdout).length).toBeGreaterThanOrEqual(3);
});

test("no password is in its arguments, its output or its metrics", async () => {
  const file = await certificate("secret.pem", "secret");
  await using running = await start(["--cert", file]);
  const cli = ["-p", String(running.port), "--tls", "--cacert", caFile, "PING"];
  expect(
    (await execute("redis-cli", cli, { environment: { REDISCLI_AUTH: server.password ?? "" } })).stdout,
  ).toBe("PONG\n");
  const metrics = await (await fetch(`${running.status}/metrics`)).text();
  expect(metrics).toContain("redoubt_tunnel_backend_up{");
  const { stdout: processes } = await execute("ps", ["-ww", "-o", "args", "-p", String(running.child.pid)]);
  const { stdout, stderr } = running.output();
  expect(stdout).toContain("reason=client-closed");
  expect([metrics, processes, stdout, stderr].join()).not.toContain(server.password);
});

test("what is wrong with the flags is said before anything listens", async () => {
  const file = await certificate("flags.pem", "flags");
  const refuses = async (words: readonly string[], ...said: string[]) => {
    const run = await redoubt(["terminate", "--to", "redis://127.0.0.1:1", ...words]);
    expect(run.code).toBe(2);
    for (const part of said) expect(run.stderr).toContain(part);
  };
  const certified = ["--cert", file];
  await Promise.all([
    refuses([], "needs a certificate"),
    refuses([...certified, "--listen", "*:0"], "CONFIG_EXPOSED"),
    refuses([...certified, "--allow", "x"], "none are asked for"),
    refuses(["--workers", "2", "--cert", "/nowhere"], "CONFIG_FILE"),
    refuses([...certified, "--key", file, "--key", file], "each certificate needs its key"),
  ]);
  await Promise.all(
    [
      "--route x",
      "--idle 12",
      "--rate 0",
      "--max-connections x",
      "--send-proxy v3",
      "--min-version SSLv3",
    ].map((flag) => refuses([...certified, ...flag.split(" ")], `${flag.split(" ")[0]} takes`)),
  );
});

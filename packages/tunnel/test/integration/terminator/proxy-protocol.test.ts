import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { connect as connectTls } from "node:tls";
import { createAuthority, startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { cli, type Ground, ground } from "./ground.ts";

const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
const haproxy = folders
  .map((folder) => join(folder, "haproxy"))
  .find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Starts HAProxy with a configuration, and waits until it accepts connections. */
async function startHaproxy(path: string, port: number, lines: string): Promise<AsyncDisposable> {
  const file = join(path, `haproxy-${port}.cfg`);
  await writeFile(
    file,
    `defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 1m\n  timeout server 1m\n${lines}\n`,
  );
  const child = spawn(haproxy as string, ["-f", file, "-db"], { stdio: "ignore" });
  const ended = once(child, "close");
  const accepts = () =>
    new Promise<boolean>((resolve) => {
      const probe = connect({ port, host: "127.0.0.1" });
      probe
        .once("connect", () => probe.destroy())
        .once("close", (failed) => resolve(!failed))
        .on("error", () => {});
    });
  await expect.poll(accepts).toBe(true);
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Says PING as a client that a proxy speaks for; the answer, or nothing when it is cut off. */
async function pingAs({ port, authority }: Ground, address: string): Promise<string> {
  const raw = connect({ port, host: "127.0.0.1" });
  raw.write(`PROXY TCP4 ${address} 127.0.0.1 40000 6380\r\n`);
  const socket = connectTls({ socket: raw, servername: "localhost", ca: authority.certificate });
  socket.on("error", () => {});
  socket.write("PING\r\n");
  raw.on("error", () => {});
  const answered = Promise.race([once(socket, "data"), once(socket, "close").then(() => [""])]);
  // Being cut off may be a reset.
  const [answer] = (await answered.catch(() => [""])) as [unknown];
  socket.destroy();
  return String(answer);
}

test.skipIf(haproxy === undefined).each(["send-proxy", "send-proxy-v2", "send-proxy-v2-ssl"])(
  "HAProxy in front says who the client is: %s",
  async (word) => {
    await using at = await ground({ proxyFrom: ["127.0.0.0/8"] });
    const port = await freePort();
    await using _haproxy = await startHaproxy(
      at.path,
      port,
      `listen in\n  bind 127.0.0.1:${port}\n  server terminator 127.0.0.1:${at.port} ${word}`,
    );
    expect(await cli({ ...at, port }, ["PING"])).toBe("PONG");
    await expect
      .poll(() => at.log.find(({ reason }) => reason === "client-closed"))
      .toMatchObject({
        peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        via: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      });
    // Without a header nobody comes in from there.
    expect(await cli(at, ["PING"])).not.toContain("PONG");
    await expect
      .poll(() => at.log.at(-1))
      .toMatchObject({ reason: "malformed-proxy-header", detail: "no PROXY header" });
  },
);

test.skipIf(haproxy === undefined).each([1, 2] as const)(
  "HAProxy behind is told who the client is: version %i, checks included",
  async (sendProxy) => {
    const port = await freePort();
    let haproxied: AsyncDisposable | null = null;
    const at: Ground = await ground(async (server, path) => {
      haproxied = await startHaproxy(
        path,
        port,
        `frontend in\n  bind 127.0.0.1:${port} accept-proxy\n  tcp-request session reject if { src 203.0.113.0/24 }\n  default_backend out\nbackend out\n  server redis 127.0.0.1:${server.port}`,
      );
      return {
        sendProxy,
        to: `redis://127.0.0.1:${port}`,
        proxyFrom: ["127.0.0.1"],
        health: { interval: 100 },
      };
    });
    await using _at = at;
    await using _haproxy = haproxied as unknown as AsyncDisposable;
    expect(at.terminator.troubles).toEqual([]);
    // Who comes from where HAProxy refuses is refused: so it believes what it is told.
    expect(await pingAs(at, "203.0.113.9")).toBe("");
    expect(await pingAs(at, "198.51.100.9")).toBe("-NOAUTH Authentication required.\r\n");
    const { checks } = {
      checks: () => at.metric(`redoubt_tunnel_backend_checks_total{backend="127.0.0.1:${port}"}`),
    };
    await expect.poll(checks).toBeGreaterThan(2);
    expect(at.metric(`redoubt_tunnel_backend_checks_failed_total{backend="127.0.0.1:${port}"}`)).toBe(0);
  },
);

test.skipIf(haproxy === undefined)("checks log in behind a header, and TLS is spoken behind it", async () => {
  await using redis = await startServer();
  const port = await freePort();
  const stranger = await createAuthority();
  let haproxied: AsyncDisposable | null = null;
  const leading = (password: string, isStrange = false): Promise<Ground> =>
    ground(async (_, path) => {
      const listen = `listen in\n  bind 127.0.0.1:${port} accept-proxy\n  server redis 127.0.0.1:${redis.tlsPort}`;
      haproxied ??= await startHaproxy(path, port, listen);
      const other = join(path, "stranger.crt");
      await writeFile(other, stranger.certificate);
      const ca = isStrange ? other : redis.caFile;
      const to = `rediss://:${password}@127.0.0.1:${port}?sslrootcert=${ca}`;
      return { sendProxy: 2, to, health: { role: "master" } };
    });
  try {
    await using at = await leading(redis.password as string);
    expect(await cli({ ...at, server: redis }, ["PING"])).toBe("PONG");
    expect(at.terminator.troubles).toEqual([]);
    await using wrong = await leading("wrong-password");
    expect(wrong.terminator.troubles.join()).toMatch(/is down: .* does not accept the password/);
    await using strange = await leading(redis.password as string, true);
    expect(strange.terminator.troubles.join()).toMatch(/is down: .*certificate/);
  } finally {
    await (haproxied as AsyncDisposable | null)?.[Symbol.asyncDispose]();
  }
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { connect, createSecureContext, type TLSSocket } from "node:tls";
import { startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { cli, type Ground, ground } from "./ground.ts";

async function client(
  { port, authority, server }: Ground,
  context = createSecureContext({ ca: authority.certificate }),
) {
  const socket = connect({ port, host: "127.0.0.1", servername: "localhost", secureContext: context });
  socket.on("error", () => {});
  await once(socket, "secureConnect");
  socket.write(`AUTH ${server.password ?? ""}\r\n`);
  await once(socket, "data");
  return socket;
}

/** Reads until so many bytes have come. */
function hear(socket: TLSSocket, bytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = "";
    const take = (part: Buffer): void => {
      heard += part.toString("latin1");
      if (heard.length < bytes) return;
      socket.off("data", take);
      resolve(heard);
    };
    socket.on("data", take).once("close", () => reject(new Error(`closed after ${heard.length} bytes`)));
  });
}

test("1,000 clients, each with its own value, and none is answered with another's", async () => {
  await using at = await ground();
  const context = createSecureContext({ ca: at.authority.certificate });
  const sockets: TLSSocket[] = [];
  const lanes = Array.from({ length: 20 }, async () => {
    for (let i = 0; i < 50; i++) sockets.push(await client(at, context));
  });
  await Promise.all(lanes);
  expect(at.terminator.connections).toBe(1000);
  await Promise.all(
    sockets.map(async (socket, i) => {
      const word = `value-${String(i).padStart(4, "0")}`;
      const heard = hear(socket, `$10\r\n${word}\r\n`.length);
      socket.write(`*2\r\n$4\r\nECHO\r\n$10\r\n${word}\r\n`);
      expect(await heard).toBe(`$10\r\n${word}\r\n`);
    }),
  );
  for (const socket of sockets) socket.destroy();
  await expect.poll(() => at.terminator.connections).toBe(0);
  expect(at.metric(`redoubt_tunnel_connections_total{listener="${at.terminator.address}"}`)).toBe(1000);
});

test("a reader that stops reading makes the server wait, not the memory grow", async () => {
  await using at = await ground();
  const size = 1_000_000;
  await at.server.command("SET", "k", "x".repeat(size));
  const socket = await client(at);
  socket.pause();
  const before = process.memoryUsage().rss;
  const commands = 200;
  socket.write("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n".repeat(commands));
  // The bytes that got in must come to rest, far below the 200 MB that were asked for.
  const received = () =>
    at.metric(`redoubt_tunnel_upstream_bytes_total{listener="${at.terminator.address}"}`);
  let last = -1;
  await expect
    .poll(
      () => {
        const same = received() === last && last > size;
        last = received();
        return same;
      },
      { interval: 300 },
    )
    .toBe(true);
  expect(received()).toBeLessThan(commands * size * 0.2);
  expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
  const heard = hear(socket, commands * (size + `$${size}\r\n\r\n`.length));
  socket.resume();
  expect((await heard).length).toBe(commands * (size + `$${size}\r\n\r\n`.length));
  socket.destroy();
});

test("a server that is killed with kill -9 ends its connections at once, and is used again when it is back", async () => {
  await using server = await startServer({ listen: "plain" });
  await using at = await ground({ to: server.uri, health: { interval: 50, rise: 1, fall: 1 } });
  const socket = await client({ ...at, server });
  const gone = once(socket, "close");
  socket.resume();
  process.kill(server.pid as number, "SIGKILL");
  await gone;
  await expect.poll(() => at.log.at(-1)?.reason).toMatch(/^server-(closed|reset)$/);
  await expect.poll(() => at.terminator.troubles.length).toBe(1);
  await server.restart();
  await expect.poll(() => at.terminator.troubles).toEqual([]);
  expect(await cli({ ...at, server }, ["PING"])).toBe("PONG");
});

test("a client that closes its half still gets its answers", async () => {
  await using at = await ground();
  const socket = await client(at);
  const pings = 1000;
  const heard = hear(socket, "+PONG\r\n".length * pings);
  socket.end("PING\r\n".repeat(pings));
  expect(await heard).toBe("+PONG\r\n".repeat(pings));
  await expect.poll(() => at.log.at(-1)?.reason).toBe("client-closed");
});

test("no mistake ends in silence: plain text on this port, TLS to a dead backend, rubbish", async () => {
  await using at = await ground({ handshakeLimit: 2000 });
  const run = async (...words: string[]): Promise<string> => {
    const child = spawn("redis-cli", words, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => (said += part.toString()));
    await once(child, "close");
    return said.trim();
  };
  expect(await run("-p", String(at.port), "PING")).toBe(
    `ERR this port speaks TLS: connect with rediss://127.0.0.1:${at.port}`,
  );
  const rubbish = connectTcp({ port: at.port, host: "127.0.0.1" });
  rubbish.on("error", () => {});
  rubbish.write(Buffer.concat([Buffer.from([0x16, 3, 1, 0, 50]), Buffer.alloc(50, 0xff)]));
  rubbish.resume();
  await once(rubbish, "close");
  expect(at.log.map(({ reason }) => reason)).toEqual(["plain-text", "handshake-failed"]);
});

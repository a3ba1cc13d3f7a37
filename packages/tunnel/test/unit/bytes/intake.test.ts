import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect, createServer, type Server, Socket } from "node:net";
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from "node:tls";
import { createAuthority } from "@redoubt/server";
import { expect, test } from "vitest";
import { Intake } from "../../../src/bytes/intake.ts";
import { pipe } from "../../../src/bytes/pipe.ts";

interface Relayed extends AsyncDisposable {
  readonly program: Socket;
  readonly server: Socket;
  /** Lets bytes flow. */
  readonly begin: () => ReturnType<typeof pipe>;
}

/** A program, a server, and between them a relay that reads the server with an intake. */
async function relayed(): Promise<Relayed> {
  const listener = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as { port: number };
  const accepted = async (outer: Socket): Promise<Socket> => {
    const [[inner]] = (await Promise.all([once(listener, "connection"), once(outer, "connect")])) as [
      [Socket],
      unknown,
    ];
    return inner;
  };
  const where = { port, host: "127.0.0.1", allowHalfOpen: true };
  const program = connect(where);
  const client = await accepted(program);
  const intake = new Intake();
  const upstream = connect({ ...where, onread: intake.onread });
  const server = await accepted(upstream);
  const all = [program, client, upstream, server];
  for (const socket of all) socket.on("error", () => {});
  return {
    program,
    server,
    begin: () => pipe(client, upstream, { intake }),
    [Symbol.asyncDispose]: async () => {
      for (const socket of all) socket.destroy();
      listener.close();
    },
  };
}

/** Bytes that tell where they stood. */
function pattern(length: number, from: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = ((from + i) * 31 + ((from + i) >> 8)) & 255;
  return bytes;
}

test("pieces of all sizes arrive as they were, read slowly and in one go", async () => {
  await using ground = await relayed();
  const { program, server } = ground;
  const relay = ground.begin();
  const parts: Buffer[] = [];
  let total = 0;
  program.on("data", (chunk: Buffer) => {
    parts.push(chunk);
    if (parts.length % 40 !== 0) return;
    program.pause();
    setTimeout(() => program.resume(), 5);
  });
  const heard = once(program, "end");
  for (let i = 0; total < 24 * 1024 * 1024; i++) {
    const piece = pattern([1, 100, 5000, 70_000, 1_000_000][i % 5] as number, total);
    total += piece.length;
    if (!server.write(piece)) await once(server, "drain");
  }
  server.end();
  await heard;
  program.end();
  expect(Buffer.concat(parts).equals(pattern(total, 0))).toBe(true);
  expect(await relay.ended).toMatchObject({ reason: "server-closed", received: total });
});

test("what arrives before anybody takes it comes first, and is not without bound", async () => {
  await using ground = await relayed();
  const { program, server } = ground;
  const total = 32 * 1024 * 1024;
  server.end(pattern(total, 0));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(server.writableLength).toBeGreaterThan(0);
  const parts: Buffer[] = [];
  program.on("data", (chunk: Buffer) => parts.push(chunk));
  const relay = ground.begin();
  await once(program, "end");
  program.end();
  expect(Buffer.concat(parts).equals(pattern(total, 0))).toBe(true);
  expect((await relay.ended).received).toBe(total);
});

test("the end and a reset of the server are told as ever", async () => {
  await using ended = await relayed();
  const relay = ended.begin();
  ended.server.resume().end("bye");
  const [bye] = (await once(ended.program, "data")) as [Buffer];
  expect(bye.toString()).toBe("bye");
  ended.program.end();
  expect(await relay.ended).toMatchObject({ reason: "server-closed", received: 3, error: null });

  await using cut = await relayed();
  const other = cut.begin();
  cut.program.resume();
  cut.server.resetAndDestroy();
  expect(await other.ended).toMatchObject({ reason: "server-reset", error: { code: "ECONNRESET" } });
});

/** Sizes with long runs of little and of much, so that memory is taken, lent, given back. */
function sizes(total: number): number[] {
  const all: number[] = [];
  for (let i = 0, left = total; left > 0; i++) {
    const size = Math.min(
      left,
      Math.floor(i / 60) % 2 === 0 ? 1 + ((i * 37) % 300) : 3000 + ((i * 7919) % 90_000),
    );
    all.push(size);
    left -= size;
  }
  return all;
}

async function say(socket: Socket, total: number): Promise<void> {
  let at = 0;
  for (const [i, size] of sizes(total).entries()) {
    const isFull = !socket.write(pattern(size, at));
    at += size;
    if (isFull) await once(socket, "drain");
    else if (i % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
}

async function hear(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => {
    parts.push(chunk);
    if (parts.length % 50 !== 0) return;
    socket.pause();
    setTimeout(() => socket.resume(), 2);
  });
  await once(socket, "end");
  return Buffer.concat(parts);
}

test("an accepted socket is read the same way: both directions at once, many relays side by side", async () => {
  const total = 4 * 1024 * 1024;
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      await using ground = await relayed();
      const { program, server } = ground;
      const relay = ground.begin();
      const [asked, answered] = await Promise.all([
        hear(server),
        hear(program),
        say(program, total),
        say(server, total),
      ]);
      expect(asked.equals(pattern(total, 0))).toBe(true);
      expect(answered.equals(pattern(total, 0))).toBe(true);
      expect(await relay.ended).toMatchObject({ sent: total, received: total, error: null });
    }),
  );
});

test("an accepted socket that speaks TLS is read the same way, from what it had read already", async () => {
  const authority = await createAuthority();
  const { certificate: cert, key } = await authority.issue();
  const listener = createTlsServer({ cert, key, allowHalfOpen: true }).listen(0, "127.0.0.1");
  const behind = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await Promise.all([once(listener, "listening"), once(behind, "listening")]);
  const portOf = (of: Server): number => (of.address() as { port: number }).port;
  const total = 3 * 1024 * 1024;
  for (const lateness of [0, 50]) {
    const outer = connect({ port: portOf(listener), host: "127.0.0.1", allowHalfOpen: true });
    const program = connectTls({ socket: outer, ca: authority.certificate, servername: "localhost" });
    program.allowHalfOpen = true;
    const [client] = (await once(listener, "secureConnection")) as [TLSSocket];
    const saying = say(program, total);
    await new Promise((resolve) => setTimeout(resolve, lateness));
    const intake = new Intake();
    const where = { port: portOf(behind), host: "127.0.0.1", allowHalfOpen: true };
    const upstream = connect({ ...where, onread: intake.onread });
    const [server] = (await once(behind, "connection")) as [Socket];
    let heard = 0;
    const relay = pipe(client, upstream, { intake, onSent: (chunk) => (heard += chunk.length) });
    const [asked, answered] = await Promise.all([hear(server), hear(program), saying, say(server, total)]);
    expect(asked.equals(pattern(total, 0))).toBe(true);
    expect(answered.equals(pattern(total, 0))).toBe(true);
    expect(heard).toBe(total);
    expect(await relay.ended).toMatchObject({ sent: total, received: total, error: null });
  }
  listener.close();
  behind.close();
});

test("a socket that cannot be read that way is left as it is", () => {
  expect(Intake.of(new Socket())).toBeNull();
});

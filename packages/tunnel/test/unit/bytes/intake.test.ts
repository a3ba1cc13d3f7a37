import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
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

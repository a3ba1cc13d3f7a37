import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type Pipe, type PipeOptions, pipe } from "../../../src/bytes/pipe.ts";

const opened: Socket[] = [];
const servers: Server[] = [];

afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** Two ends of one TCP connection over loopback. */
async function pair(): Promise<[outer: Socket, inner: Socket]> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not TCP");
  const outer = connect({ port: address.port, host: "127.0.0.1", allowHalfOpen: true });
  const [[inner]] = (await Promise.all([once(server, "connection"), once(outer, "connect")])) as [
    [Socket],
    unknown,
  ];
  servers.push(server);
  opened.push(outer, inner);
  for (const socket of [outer, inner]) socket.on("error", () => {});
  return [outer, inner];
}

/** A program, a server, and the pipe in between. */
async function relayed(options?: PipeOptions): Promise<{ program: Socket; server: Socket; relay: Pipe }> {
  const [program, client] = await pair();
  const [server, upstream] = await pair();
  return { program, server, relay: pipe(client, upstream, options) };
}

async function everything(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe("pipe", () => {
  test("carries bytes both ways and counts them", async () => {
    const { program, server, relay } = await relayed();
    server.on("data", (bytes: Buffer) => server.write(Buffer.concat([bytes, bytes])));
    program.write("abc");
    const [answer] = (await once(program, "data")) as [Buffer];
    expect(answer.toString()).toBe("abcabc");
    program.end();
    await once(server, "end");
    server.end();
    expect(await relay.ended).toEqual({ reason: "client-closed", sent: 3, received: 6, error: null });
  });

  test("half-close: what the server says after the client's end still arrives", async () => {
    const { program, server, relay } = await relayed();
    server.resume().on("end", () => server.end("late answer"));
    program.end("question");
    expect((await everything(program)).toString()).toBe("late answer");
    expect(await relay.ended).toMatchObject({ reason: "client-closed", sent: 8, received: 11 });
  });

  test("the server's end is handed on, with what it had said", async () => {
    const { program, server, relay } = await relayed();
    server.resume().end("bye");
    const heard = await everything(program);
    program.end();
    expect(heard.toString()).toBe("bye");
    expect(await relay.ended).toMatchObject({ reason: "server-closed", received: 3 });
  });

  test("a reset of the server is a reset for the client", async () => {
    const { program, server, relay } = await relayed();
    program.write("x");
    await once(server, "data");
    const failed = once(program, "error").catch((error: unknown) => [error]);
    program.resume();
    server.resetAndDestroy();
    expect(((await failed)[0] as NodeJS.ErrnoException).code).toBe("ECONNRESET");
    expect(await relay.ended).toMatchObject({ reason: "server-reset", error: { code: "ECONNRESET" } });
  });

  test("without resets, a failure is an orderly end for the other side", async () => {
    const { program, server, relay } = await relayed({ resets: false });
    program.write("x");
    await once(server, "data");
    server.resetAndDestroy();
    expect((await everything(program)).length).toBe(0);
    program.end();
    expect(await relay.ended).toMatchObject({ reason: "server-reset" });
  });

  test("silence of both sides beyond the idle limit cuts, bytes put it off", async () => {
    const { program, server, relay } = await relayed({ idleLimit: 400 });
    server.resume();
    const begun = performance.now();
    for (let i = 0; i < 4; i++) {
      program.write("x");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await relay.ended).toMatchObject({ reason: "idle-limit", error: null });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(690);
  });

  test("a server that does not follow the client's end is cut after the close limit", async () => {
    const { program, server, relay } = await relayed({ closeLimit: 100 });
    server.resume();
    program.end();
    expect(await relay.ended).toMatchObject({ reason: "close-limit" });
  });

  test("a close limit of 0 waits for nobody, but delivers what was said", async () => {
    const { program, server, relay } = await relayed({ closeLimit: 0 });
    const heard = everything(server);
    program.end(Buffer.alloc(4_000_000));
    expect((await heard).length).toBe(4_000_000);
    expect(await relay.ended).toMatchObject({ reason: "client-closed", sent: 4_000_000 });
  });

  test("a slow reader holds the writer back, and loses nothing", async () => {
    const { program, server, relay } = await relayed();
    const total = 64 * 1024 * 1024;
    program.pause();
    const chunk = Buffer.alloc(1024 * 1024, "x");
    let written = 0;
    const fill = (): void => {
      while (written < total) {
        written += chunk.length;
        if (!server.write(chunk)) return void server.once("drain", fill);
      }
      server.end();
    };
    fill();
    // The kernel's buffers of two connections, and what the relay may hold: nothing moves any more.
    let before = -1;
    while (before !== relay.received) {
      before = relay.received;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(before).toBeLessThan(32 * 1024 * 1024);
    expect((await everything(program)).length).toBe(total);
    program.end();
    expect(await relay.ended).toMatchObject({ reason: "server-closed", received: total });
  });

  test("an aborted signal stops it, also one that was aborted before", async () => {
    const stop = new AbortController();
    const { relay } = await relayed({ signal: stop.signal });
    stop.abort();
    expect(await relay.ended).toMatchObject({ reason: "stopped" });
    const again = await relayed({ signal: stop.signal });
    expect(await again.relay.ended).toMatchObject({ reason: "stopped" });
  });

  test("a socket that is gone already ends the other", async () => {
    const [program, client] = await pair();
    const [server, upstream] = await pair();
    upstream.destroy();
    await once(upstream, "close");
    server.resume();
    const { ended } = pipe(client, upstream);
    expect((await everything(program)).length).toBe(0);
    program.end();
    expect((await ended).sent).toBe(0);
  });
});

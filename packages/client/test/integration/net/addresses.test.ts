import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { startServer } from "@redoubt/server";
import { describe, expect, test } from "vitest";
import { parse } from "../../../src/config/parse.ts";
import type { RedoubtError } from "../../../src/errors.ts";
import { dial } from "../../../src/net/dial.ts";
import { openFirst } from "../../../src/net/open.ts";
import { type Address, resolveEndpoint, socketAddress } from "../../../src/net/resolve.ts";
import { open, refused } from "../dialling.ts";
import { answering, Peer } from "./peer.ts";

const hello = answering({ HELLO: "%1\r\n+server\r\n+redis\r\n" });

describe("a name with several addresses", () => {
  test("localhost, with a server on only one of its addresses", async () => {
    const found = await resolveEndpoint({ host: "localhost", port: 1 });
    expect(found.length).toBeGreaterThan(0);
    for (const { ip } of found) {
      await using peer = await Peer.start(hello, { host: ip });
      using connection = await open(`redis://localhost:${peer.port}`);
      expect(connection.report.address).toContain(ip);
    }
  });

  test.each(["127.0.0.1", "::1"])("both families, and only %s answers", async (host) => {
    await using peer = await Peer.start(hello, { host });
    for (const order of [
      ["127.0.0.1", "::1"],
      ["::1", "127.0.0.1"],
    ]) {
      const addresses = order.map((ip) => ({ ip, port: peer.port }));
      const { address, socket } = await openFirst(
        addresses,
        (to) => connect(socketAddress(to)),
        AbortSignal.timeout(20_000),
      );
      expect(address.ip).toBe(host);
      socket.destroy();
    }
  });

  test("nobody anywhere: all addresses are named", async () => {
    const found = await resolveEndpoint({ host: "localhost", port: 1 });
    const { error, stages } = await refused("redis://localhost:1");
    expect({ code: error.code, stage: error.stage }).toEqual({ code: "TCP_REFUSED", stage: "tcp" });
    for (const { ip } of found) expect(error.message).toContain(ip);
    expect(stages.map(({ name, ok }) => `${name} ${ok}`)).toEqual(["dns true", "tcp false"]);
  });
});

describe("happy eyeballs", () => {
  const begin = (address: Address) => connect(socketAddress(address));
  const { signal } = new AbortController();

  /** A listener whose backlog is full: further connections are neither accepted nor refused. */
  async function blackHole(): Promise<{ address: Address; close: () => Promise<void> }> {
    // Another thread that listens and then blocks: nobody ever accepts.
    const worker = new Worker(
      `const { createServer } = require("node:net"); const { parentPort } = require("node:worker_threads");
       const s = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
         parentPort.postMessage(s.address().port);
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
       });`,
      { eval: true },
    );
    const port = await new Promise<number>((resolve) => worker.once("message", resolve));
    const fill = Array.from({ length: 8 }, () => connect(port, "127.0.0.1").on("error", () => {}));
    await new Promise((resolve) => setTimeout(resolve, 150));
    return {
      address: { ip: "127.0.0.1", port },
      close: async () => {
        for (const socket of fill) socket.destroy();
        await worker.terminate();
      },
    };
  }

  test("an address that swallows packets delays the next by its head start only, and by itself ends at the deadline", async () => {
    const hole = await blackHole();
    try {
      await using peer = await Peer.start(() => {});
      const start = performance.now();
      const { address, socket } = await openFirst(
        [hole.address, { ip: "127.0.0.1", port: peer.port }],
        begin,
        signal,
      );
      expect(address.port).toBe(peer.port);
      const ms = performance.now() - start;
      expect(ms).toBeGreaterThan(200);
      expect(ms).toBeLessThan(5000);
      socket.destroy();
      const alone = await refused(`redis://127.0.0.1:${hole.address.port}`, { connectTimeout: 1000 });
      expect({ code: alone.error.code, stage: alone.error.stage }).toEqual({
        code: "TCP_TIMEOUT",
        stage: "tcp",
      });
      expect(alone.ms).toBeLessThan(5000);
      const aborted = await refused(`redis://127.0.0.1:${hole.address.port}`, {
        signal: AbortSignal.timeout(100),
      });
      expect(aborted.error.code).toBe("CLOSED_ABORTED");
      expect(aborted.ms).toBeLessThan(5000);
    } finally {
      await hole.close();
    }
  });

  test("an address that refuses does not delay the next", async () => {
    await using peer = await Peer.start(() => {});
    const start = performance.now();
    // Each would take a quarter of a second.
    const addresses = Array.from({ length: 20 }, (_, i) => ({ ip: "127.0.0.1", port: i + 1 }));
    const { socket } = await openFirst([...addresses, { ip: "127.0.0.1", port: peer.port }], begin, signal);
    expect(performance.now() - start).toBeLessThan(2500);
    socket.destroy();
  });

  test("one socket only stays open", async () => {
    await using peer = await Peer.start(() => {});
    const address = { ip: "127.0.0.1", port: peer.port };
    const { socket } = await openFirst([address, address, address], begin, signal);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect.poll(() => peer.open).toBe(1);
    socket.destroy();
  });

  test("what cannot even begin is a failure like others", async () => {
    const impossible = { ip: "127.0.0.1", port: 70_000 };
    await expect(openFirst([impossible], begin, signal)).rejects.toMatchObject({ code: "TCP_FAILED" });
    await using peer = await Peer.start(() => {});
    const { socket } = await openFirst([impossible, { ip: "127.0.0.1", port: peer.port }], begin, signal);
    socket.destroy();
    await expect(openFirst([], begin, signal)).rejects.toMatchObject({ code: "TCP_FAILED" });
  });
});

test("a name that does not exist", async () => {
  const { error, stages } = await refused("redis://no-such-host.invalid:6379");
  expect(error.code).toMatch(/^DNS_(NOT_FOUND|UNAVAILABLE)$/);
  expect(error).toMatchObject({ stage: "dns", address: "no-such-host.invalid:6379" });
  expect(stages.map(({ name, ok }) => `${name} ${ok}`)).toEqual(["dns false"]);
});

describe("Unix sockets", () => {
  test("a path", async () => {
    const path = join(tmpdir(), `redoubt-${process.pid}.sock`);
    await using server = await startServer({ listen: "plain", config: [`unixsocket ${path}`] });
    using connection = await open(`unix://:${server.password}@${path}`);
    expect(connection.report).toMatchObject({ address: path, protocol: 3 });
    expect(connection.report.stages[0]?.detail).toBe("a Unix socket: no name to resolve");
  });

  test("a path where nothing is", async () => {
    const { error } = await refused("unix:///no/such/redis.sock");
    expect(error).toMatchObject({ code: "TCP_NO_SOCKET_FILE", stage: "tcp", address: "/no/such/redis.sock" });
  });

  test.runIf(process.platform === "linux")(
    "a name in the abstract namespace, shown as it was written",
    async () => {
      const name = `@redoubt-${process.pid}`;
      await using peer = await Peer.start(hello, { path: `\0${name.slice(1)}` });
      const target = { ...parse("redis://x:1"), endpoints: [{ host: name, port: 0, path: name }] };
      const dialled = await dial(target);
      expect(dialled.report.address).toBe(name);
      dialled.close();
      expect(peer.received).toContain("HELLO");
    },
  );
});

describe("several endpoints", () => {
  test("are tried in order until one answers", async () => {
    await using first = await Peer.start((socket) => socket.end());
    await using second = await Peer.start(hello);
    const target = parse(`127.0.0.1:${first.port},127.0.0.1:1,127.0.0.1:${second.port}`);
    const dialled = await dial(target);
    expect(dialled.report.address).toBe(`127.0.0.1:${second.port}`);
    dialled.close();
  });

  test("all failed: the first one's code, everybody's message", async () => {
    await using mute = await Peer.start(() => {});
    const target = parse(`127.0.0.1:1,127.0.0.1:${mute.port}`);
    const error = (await dial(target, { connectTimeout: 1000 }).catch(
      (failure: unknown) => failure,
    )) as RedoubtError;
    expect(error).toMatchObject({ code: "TCP_REFUSED", stage: "tcp", address: "127.0.0.1:1" });
    expect(error.message).toContain(`127.0.0.1:${mute.port} was not ready`);
    expect((error.cause as AggregateError).errors).toHaveLength(2);
  });

  test("an abort and a wrong setting end the search", async () => {
    await using mute = await Peer.start(() => {});
    const target = parse(`127.0.0.1:${mute.port},127.0.0.1:${mute.port}`);
    const aborted = await dial(target, { signal: AbortSignal.timeout(50) }).catch(
      (failure: unknown) => failure,
    );
    expect(aborted).toMatchObject({ code: "CLOSED_ABORTED" });
    const secure = parse("a.invalid:6380,b.invalid:6380,ssl=true");
    const wrong = await dial(secure, { tls: { ca: "rubbish" } }).catch((failure: unknown) => failure);
    expect(wrong).toMatchObject({ code: "CONFIG_KEY_MATERIAL" });
    expect((wrong as Error).message.match(/tls\.ca/g)).toHaveLength(1);
  });
});

import { parse, type RedoubtError } from "@redoubt/client";
import { type FaultProxy, type RedisServer, startFaultProxy, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { commandOf } from "../../../src/resp/words.ts";
import type { Line } from "../../../src/upstream/line.ts";
import { Upstream } from "../../../src/upstream/upstream.ts";
import { until } from "./talk.ts";

// A machine that is busy with other things is no reason to fail.
vi.setConfig({ testTimeout: 120_000 });

let server: RedisServer;
let proxy: FaultProxy;
beforeAll(async () => {
  server = await startServer();
  proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort as number } });
});
afterAll(async () => {
  await proxy?.stop();
  await server?.stop();
});

function upstreamWith(limits: { silence: number; patience: number }) {
  const lost: RedoubtError[] = [];
  const target = parse(server.uri.replace(/localhost:\d+/, `localhost:${proxy.port}`));
  const upstream = new Upstream(
    { target, limits, connectTimeout: 30_000 },
    { closed: (_line, error) => lost.push(error) },
  );
  return { upstream, lost };
}

const pings = async (): Promise<number> =>
  Number(/cmdstat_ping:calls=(\d+)/.exec(String(await server.command("INFO", "commandstats")))?.[1] ?? 0);

test("a silent line says PING, and lives", async () => {
  const { upstream, lost } = upstreamWith({ silence: 40, patience: 60_000 });
  const before = await pings();
  const line = await upstream.open({ protocol: 3, database: 0 });
  await until("it has said PING", async () => (await pings()) > before + 3);
  expect(line.isOpen).toBe(true);
  expect(lost).toEqual([]);
  upstream.close();
});

test("a line that has stopped answering is given up, whether somebody waits or not", async () => {
  const { upstream, lost } = upstreamWith({ silence: 200, patience: 1000 });
  const idle = await upstream.open({ protocol: 3, database: 0 });
  const busy = await upstream.open({ protocol: 3, database: 0 });
  proxy.stall();
  const failed = await busy.call(commandOf(["GET", "a"])).catch((error: RedoubtError) => error.code);
  expect(failed).toBe("TIMEOUT_SOCKET");
  await until("the other is given up, too", () => !idle.isOpen);
  expect(lost.map(({ code }) => code)).toEqual(["TIMEOUT_SOCKET", "TIMEOUT_SOCKET"]);
  upstream.close();
  await proxy.pass();
});

test("a client that blocks by its own wish is let alone", async () => {
  const { upstream, lost } = upstreamWith({ silence: 40, patience: 100 });
  const line: Line = await upstream.open({ protocol: 3, database: 0 });
  line.unasked = { takeUnasked: () => false, lineEnded: () => {} };
  const popped = line.call(commandOf(["BLPOP", "none", "1"]));
  expect(String(await popped)).toBe("_\r\n");
  expect(lost).toEqual([]);
  upstream.close();
});

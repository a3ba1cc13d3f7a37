import { callbackCredentials } from "@redoubt/client";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTunnel } from "../../../src/tunnel.ts";
import { Talk, until } from "./talk.ts";

// A machine that is busy with other things is no reason to fail.
vi.setConfig({ testTimeout: 120_000 });

let server: RedisServer;
beforeAll(async () => {
  server = await startServer({ users: { app: { password: "start", rules: "~* &* +@all" } } });
});
afterAll(() => server?.stop());

/** Tokens that are good for a short while, as a token service gives them: the newest three are known to the server. */
function tokens(lifetime: number) {
  const given: string[] = [];
  return {
    given,
    provider: callbackCredentials(async () => {
      const token = `token-${given.length}`;
      await server.command("ACL", "SETUSER", "app", `>${token}`);
      if (given.length >= 3) await server.command("ACL", "SETUSER", "app", `<${given[given.length - 3]}`);
      given.push(token);
      return { username: "app", password: token, expiresAt: Date.now() + lifetime };
    }),
  };
}

const renewals = (metrics: string): number =>
  Number(/^redoubt_tunnel_credentials_renewed_total (\d+)$/m.exec(metrics)?.[1]);

test("tokens are renewed again and again under load with transactions and subscribers, and no reply is lost or swapped", async () => {
  const { provider, given } = tokens(1000);
  const told: string[] = [];
  await using tunnel = await createTunnel({
    to: server.uri,
    listen: "127.0.0.1:0",
    connectTimeout: 30_000,
    auth: provider,
    log: (line) => told.push(line),
  });
  const open = (): Promise<Talk> => Talk.open(tunnel.addresses[0] as string);
  let isOver = false;
  let asked = 0;

  const asking = async (id: number): Promise<void> => {
    using talk = await open();
    for (let round = 0; !isOver; round++) {
      const commands = Array.from({ length: 1 + ((id + round) % 8) }, (_, i) => `ECHO ${id}:${round}:${i}`);
      const replies = await talk.say(...commands);
      replies.forEach((reply, i) => expect(reply).toMatch(new RegExp(`\r\n${id}:${round}:${i}$`)));
      asked += replies.length;
    }
  };
  const transacting = async (id: number): Promise<void> => {
    using talk = await open();
    for (let round = 1; !isOver; round++) {
      expect(await talk.say("MULTI", `INCR tx:${id}`)).toEqual(["+OK", "+QUEUED"]);
      expect(await talk.say(`ECHO ${round}`, "EXEC")).toEqual([
        "+QUEUED",
        `*2\r\n:${round}\r\n$${String(round).length}\r\n${round}`,
      ]);
    }
  };
  const subscribing = async (protocol: 2 | 3, ready: () => void): Promise<number> => {
    using talk = await open();
    if (protocol === 3) await talk.say("HELLO 3");
    await talk.say("SUBSCRIBE news");
    ready();
    for (let next = 0; ; next++) {
      const [message] = await talk.take(1);
      const text = String(message).slice(String(message).lastIndexOf("\n") + 1);
      if (text === "over") return next;
      expect(text).toBe(String(next));
    }
  };
  const blocking = async (): Promise<void> => {
    using talk = await open();
    while (!isOver) expect(await talk.say("BLPOP none 0.05")).toEqual(["*-1"]);
  };

  let subscribed = 0;
  const subscribers = ([2, 3] as const).map((protocol) => subscribing(protocol, () => subscribed++));
  await until("both have subscribed", () => subscribed === 2);
  const work = [
    ...Array.from({ length: 10 }, (_, id) => asking(id)),
    ...Array.from({ length: 4 }, (_, id) => transacting(id)),
    blocking(),
  ];
  const published = (async () => {
    using talk = await open();
    for (let count = 0; ; count++) {
      if (isOver) {
        await talk.say("PUBLISH news over");
        return count;
      }
      expect(await talk.say(`PUBLISH news ${count}`)).toEqual([":2"]);
    }
  })();
  await until("there were four tokens", () => given.length > 4);
  isOver = true;
  await Promise.all(work);
  const count = await published;
  expect(await Promise.all(subscribers)).toEqual([count, count]);
  expect(asked).toBeGreaterThan(100);
  expect(renewals(tunnel.metrics())).toBeGreaterThan(4);
  // No token is in the log, and nobody was refused.
  expect(told.filter((line) => !line.includes("CLOSED_"))).toEqual([]);
}, 60_000);

test("a token that the server refuses is told, and the connection goes on with the old one", async () => {
  let calls = 0;
  const told: string[] = [];
  await server.command("ACL", "SETUSER", "app", ">first-token");
  const provider = callbackCredentials(() => {
    calls++;
    return {
      username: "app",
      password: calls === 1 ? "first-token" : "wrong-secret",
      expiresAt: Date.now() + 900,
    };
  });
  await using tunnel = await createTunnel({
    to: server.uri,
    listen: "127.0.0.1:0",
    connectTimeout: 30_000,
    auth: provider,
    log: (line) => told.push(line),
  });
  using talk = await Talk.open(tunnel.addresses[0] as string);
  expect(await talk.say("PING")).toEqual(["+PONG"]);
  await until("it is told", () => told.some((line) => line.includes("AUTH_FAILED")));
  expect(await talk.say("PING")).toEqual(["+PONG"]);
  expect(told.join("\n")).not.toContain("secret");
}, 30_000);

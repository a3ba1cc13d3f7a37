import { Buffer } from "node:buffer";
import { setTimeout as delay } from "node:timers/promises";
import { type Client, createClient, type RedoubtError } from "@redoubt/client";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const connect = (RESP: 2 | 3): Promise<Client> =>
  createClient({ url: server.uri, RESP, socket: { reconnectStrategy: 20 } }).connect();

/** Waits until something holds, at most twenty seconds. */
async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`still not so: ${String(holds)}`);
    await delay(5);
  }
}

const publish = (channel: string, message: string) => server.command("PUBLISH", channel, message);
const killAll = async () => {
  await server.command("CLIENT", "KILL", "TYPE", "normal");
  await server.command("CLIENT", "KILL", "TYPE", "pubsub");
};

describe.each([2, 3] as const)("over RESP%i", (RESP) => {
  test("messages go to the listeners of their channel, and commands go on", async () => {
    await using client = await connect(RESP);
    const seen: string[] = [];
    await client.subscribe(["a", "b"], (message, channel) => seen.push(`${channel}:${message}`));
    await client.pSubscribe("c*", (message, channel) => seen.push(`c*>${channel}:${message}`));
    await client.sSubscribe("shard", (message, channel) => seen.push(`${channel}!${message}`));
    expect(await client.ping()).toBe("PONG");
    await client.set("key", "value");
    for (const channel of ["a", "b", "c1", "d"]) await publish(channel, "1");
    await server.command("SPUBLISH", "shard", "ü");
    await until(() => seen.length === 4);
    expect(seen).toEqual(["a:1", "b:1", "c*>c1:1", "shard!ü"]);
    expect(await client.get("key")).toBe("value");
    expect(await client.multi().get("key").exec()).toEqual(["value"]);
  });

  test("Buffers are as they were sent, for those who want them", async () => {
    await using client = await connect(RESP);
    const bytes = Buffer.from([0xff, 0x00, 0x80]);
    const buffers: Buffer[] = [];
    const strings: string[] = [];
    await client.subscribe("bin", (message) => strings.push(message));
    await client.subscribe("bin", (message, channel) => buffers.push(message, channel), true);
    await using publisher = await connect(RESP);
    expect(await publisher.publish("bin", bytes)).toBe(1);
    expect(await publisher.publish("bin", "text")).toBe(1);
    await until(() => buffers.length === 4);
    expect(buffers).toEqual([bytes, Buffer.from("bin"), Buffer.from("text"), Buffer.from("bin")]);
    expect(strings[1]).toBe("text");
  });

  test("unsubscribing ends one listener, a channel, or all", async () => {
    await using client = await connect(RESP);
    const seen: string[] = [];
    const first = (message: string) => seen.push(`first ${message}`);
    const second = (message: string) => seen.push(`second ${message}`);
    await client.subscribe(["x", "y", "z"], first);
    await client.SUBSCRIBE("x", second);
    await client.unsubscribe("x", first);
    await publish("x", "1");
    await until(() => seen.length === 1);
    await client.unsubscribe("x");
    await publish("x", "2");
    await publish("y", "3");
    await until(() => seen.length === 2);
    await client.unsubscribe();
    expect(await publish("y", "4")).toBe(0);
    expect(seen).toEqual(["second 1", "first 3"]);
    await client.subscribe("x", first);
    await publish("x", "5");
    await until(() => seen.length === 3);
  });

  test("everything is subscribed again after the connection was lost, before anything else is sent", async () => {
    await using client = await connect(RESP);
    const seen: string[] = [];
    await client.subscribe("again", (message) => seen.push(message));
    await client.pSubscribe("pa*", (message) => seen.push(message));
    await client.sSubscribe("sa", (message) => seen.push(message), false);
    for (let round = 0; round < 3; round++) {
      const ready = new Promise((resolve) => client.once("ready", () => resolve(null)));
      await killAll();
      await ready;
      await until(() => client.isReady);
      seen.length = 0;
      const reached = async (): Promise<unknown[]> => [
        await publish("again", "1"),
        await publish("other", "0"),
        await publish("pax", "2"),
        await server.command("SPUBLISH", "sa", "3"),
      ];
      // RESP2 has a connection of its own, which comes back when it does.
      if (RESP === 2) await expect.poll(reached, { interval: 5 }).toEqual([1, 0, 1, 1]);
      else expect(await reached()).toEqual([1, 0, 1, 1]);
      await until(() => new Set(seen).size >= 3);
      expect(new Set(seen)).toEqual(new Set(["1", "2", "3"]));
    }
  });

  test("what is subscribed while the connection is away is subscribed with the next one", async () => {
    await using client = await connect(RESP);
    const lost = new Promise((resolve) => client.once("reconnecting", () => resolve(null)));
    await killAll();
    await lost;
    const seen: string[] = [];
    await client.subscribe("late", (message) => seen.push(message));
    expect(await publish("late", "1")).toBe(1);
    await until(() => seen.length === 1);
  });

  test("a listener that throws keeps nothing from the others, and its error is not hidden", async () => {
    await using client = await connect(RESP);
    const thrown: unknown[] = [];
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", (error) => thrown.push(error));
    try {
      const seen: string[] = [];
      await client.subscribe("throwing", () => {
        throw new Error("mine");
      });
      await client.subscribe("throwing", (message) => seen.push(message));
      await publish("throwing", "1");
      await publish("throwing", "2");
      await until(() => seen.length === 2 && thrown.length === 2);
      expect(String(thrown[0])).toContain("mine");
      expect(await client.ping()).toBe("PONG");
    } finally {
      process.removeAllListeners("uncaughtException");
      for (const listener of others) process.on("uncaughtException", listener);
    }
  });

  test("a channel that is forbidden is refused, and the rest goes on", async () => {
    await server.command(
      "ACL",
      "SETUSER",
      "few",
      "on",
      ">secret-of-few",
      "+@all",
      "~*",
      "resetchannels",
      "&ok*",
    );
    const url = new URL(server.uri);
    url.username = "few";
    url.password = "secret-of-few";
    await using client = await createClient({ url: url.href, RESP }).connect();
    const seen: string[] = [];
    const refused = client.subscribe("no", () => {});
    await expect(refused).rejects.toMatchObject({ code: "AUTH_FORBIDDEN", command: "SUBSCRIBE" });
    await client.subscribe(["ok1", "ok2"], (message) => seen.push(message));
    await server.command("ACL", "SETUSER", "few", "resetchannels", "&ok1");
    const errors: RedoubtError[] = [];
    client.on("error", (error) => errors.push(error));
    await until(() => errors.some(({ code }) => code === "AUTH_FORBIDDEN"));
    const end = performance.now() + 20_000;
    while ((await publish("ok1", "1")) === 0 && performance.now() < end) await delay(5);
    await until(() => seen.length === 1);
    expect(await client.ping()).toBe("PONG");
  });
});

test("over RESP2 the connection for subscriptions is closed when nobody listens any more", async () => {
  await using client = await connect(2);
  const listener = () => {};
  await client.subscribe("a", listener);
  expect(String(await server.command("CLIENT", "LIST", "TYPE", "pubsub"))).toContain("sub=1");
  await client.unsubscribe("a", listener);
  const end = performance.now() + 20_000;
  while (String(await server.command("CLIENT", "LIST", "TYPE", "pubsub")).includes("sub=")) {
    if (performance.now() > end) throw new Error("it is still open");
    await delay(10);
  }
});

test("subscribing needs a client that was connected and not closed, and names", async () => {
  const client = createClient(server.uri);
  const subscribing = client.subscribe("a", () => {});
  await expect(subscribing).rejects.toMatchObject({ code: "CLOSED_NOT_CONNECTED" });
  await client.connect();
  await expect(client.subscribe([], () => {})).rejects.toMatchObject({ code: "CONFIG_INVALID_VALUE" });
  await client.close();
  await expect(client.subscribe("a", () => {})).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
});

test("many subscriptions at once, from many callers, with commands between", async () => {
  await using client = await connect(3);
  const seen: string[] = [];
  await Promise.all(
    Array.from({ length: 200 }, (_, i) => [
      client.subscribe(`many${i}`, (message) => seen.push(message)),
      client.set(`k${i}`, i),
      i % 2 === 0 ? client.unsubscribe(`many${i}`) : client.get(`k${i}`),
    ]).flat(),
  );
  for (let i = 0; i < 200; i++) await publish(`many${i}`, String(i));
  await until(() => seen.length === 100);
  expect(seen.every((message) => Number(message) % 2 === 1)).toBe(true);
});

describe("messages()", () => {
  test("gives them one after the other, and unsubscribes when the loop is left", async () => {
    await using client = await connect(3);
    const messages = client.messages(["loop"]);
    await messages.ready;
    for (const text of ["1", "2", "stop", "4"]) await publish("loop", text);
    const seen: string[] = [];
    for await (const { message, channel } of messages) {
      if (message === "stop") break;
      seen.push(`${channel}${message}`);
    }
    expect(seen).toEqual(["loop1", "loop2"]);
    expect(await publish("loop", "5")).toBe(0);
  });

  test("keeps a bounded number for a slow reader: an error, or the oldest go", async () => {
    await using client = await connect(3);
    const strict = client.messages("flood", { maxBuffered: 10 });
    const lenient = client.messages("flood", { maxBuffered: 10, onOverflow: "drop-oldest" });
    await Promise.all([strict.ready, lenient.ready]);
    await using publisher = await connect(3);
    await Promise.all(Array.from({ length: 100 }, (_, i) => publisher.publish("flood", String(i))));
    await until(() => lenient.dropped === 90);
    expect((await lenient.next()).value?.message).toBe("90");
    const read: string[] = [];
    const reading = (async () => {
      for await (const { message } of strict) read.push(message);
    })();
    await expect(reading).rejects.toMatchObject({ code: "CLOSED_QUEUE_FULL" });
    expect(read).toEqual(Array.from({ length: 10 }, (_, i) => String(i)));
    expect(() => client.messages("x", { maxBuffered: 0 })).toThrow("maxBuffered");
  });

  test("ends with the client, with a signal, with a refusal", async () => {
    const client = await connect(3);
    const reading = client.messages("end", { kind: "pattern" })[Symbol.asyncIterator]();
    const controller = new AbortController();
    const aborted = client.messages("end", { signal: controller.signal });
    const next = reading.next();
    const waiting = aborted.next();
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "CLOSED_ABORTED" });
    expect(await aborted.next()).toEqual({ done: true, value: undefined });
    await client.close();
    expect(await next).toEqual({ done: true, value: undefined });
    await expect(client.messages("closed").next()).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
  });

  test("gives Buffers when asked to", async () => {
    await using client = await connect(3);
    await using messages = client.messages("bytes", { buffers: true });
    await messages.ready;
    await client.publish("bytes", Buffer.from([0xff]));
    expect((await messages.next()).value).toEqual({
      channel: Buffer.from("bytes"),
      message: Buffer.from([0xff]),
    });
  });
});

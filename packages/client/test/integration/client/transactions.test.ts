import { Buffer } from "node:buffer";
import { createClient, MultiErrorReply, RESP_TYPES, type RedoubtError } from "@redoubt/client";
import { type FaultProxy, type RedisServer, startFaultProxy, startServer } from "@redoubt/server";
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from "vitest";

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(() => server.command("FLUSHALL"));

const connect = (RESP: 2 | 3 = 3) => createClient({ url: server.uri, RESP }).connect();

const failure = (promise: Promise<unknown>): Promise<RedoubtError & { cause?: RedoubtError }> =>
  promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error) => error,
  );

/** A client through a proxy that can misbehave. */
async function connectThrough(proxy: FaultProxy) {
  const url = new URL(server.uri);
  url.port = String(proxy.port);
  return createClient({ url: url.href, socket: { reconnectStrategy: 20 } }).connect();
}

describe.each([2, 3] as const)("a transaction over RESP%i", (RESP) => {
  test("gives the decoded reply of each command, typed", async () => {
    await using client = await connect(RESP);
    const replies = await client
      .multi()
      .set("text", "ä")
      .hSet("hash", { a: "1", b: "2" })
      .hGetAll("hash")
      .HGETALL("none")
      .zAdd("zset", [{ value: "m", score: 1.5 }])
      .zRangeWithScores("zset", 0, -1)
      .get("none")
      .configGet("maxmemory")
      .exec();
    expectTypeOf(replies[0]).toEqualTypeOf<string | null>();
    expectTypeOf(replies[1]).toEqualTypeOf<number>();
    expectTypeOf(replies[6]).toEqualTypeOf<string | null>();
    const plain = { ...replies[2] };
    expect(Object.getPrototypeOf(replies[2])).toBeNull();
    expect([replies[0], replies[1], plain, { ...replies[3] }]).toEqual(["OK", 2, { a: "1", b: "2" }, {}]);
    expect(replies.slice(4, 7)).toEqual([1, [{ value: "m", score: 1.5 }], null]);
    expect({ ...replies[7] }).toEqual({ maxmemory: "0" });
  });

  test("gives what the same commands give one by one", async () => {
    await using client = await connect(RESP);
    await client.rPush("list", ["a", "b"]);
    await client.xAdd("stream", "1-1", { field: "value" });
    const together = await client
      .multi()
      .lRange("list", 0, -1)
      .xRange("stream", "-", "+")
      .sendCommand(["HGETALL", "none"])
      .clientTrackingInfo()
      .execTyped();
    const oneByOne = [
      await client.lRange("list", 0, -1),
      await client.xRange("stream", "-", "+"),
      await client.sendCommand(["HGETALL", "none"]),
      await client.clientTrackingInfo(),
    ];
    expect(together).toEqual(oneByOne);
  });

  test("gives bytes where a command gives bytes, and text beside it", async () => {
    await using client = await connect(RESP);
    const [, dumped, text, hash] = await client
      .multi()
      .hSet("hash", "field", "ü")
      .dump("hash")
      .hGet("hash", "field")
      .hGetAll("hash")
      .exec();
    expect(Buffer.isBuffer(dumped)).toBe(true);
    expect(text).toBe("ü");
    expect({ ...hash }).toEqual({ field: "ü" });
    expect(await client.restore("copy", 0, dumped as Buffer)).toBe("OK");
  });

  test("gives Buffers to who asks for them", async () => {
    await using client = await connect(RESP);
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    const replies = await buffers.multi().hSet("h", "f", bytes).hGetAll("h").hGet("h", "f").exec();
    expectTypeOf(replies[2]).toEqualTypeOf<Buffer | null>();
    expect({ ...replies[1] }).toEqual({ f: bytes });
    expect(replies[2]).toEqual(bytes);
  });
});

describe("a transaction", () => {
  test("is one block: nothing of the same client comes in between", async () => {
    await using client = await connect();
    const counts: number[] = [];
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const block = client.multi().incr("n").incr("n").incr("n").exec();
        void client.set("n", i * 100);
        const [a, b, c] = await block;
        counts.push(b - a, c - b);
      }),
    );
    expect(counts).toHaveLength(100);
    expect(new Set(counts)).toEqual(new Set([1]));
  });

  test("of many large commands is carried out whole", async () => {
    await using client = await connect();
    let multi = client.multi();
    const value = "x".repeat(100_000);
    for (let i = 0; i < 30; i++) multi = multi.set(`k${i}`, value) as never;
    expect(await multi.exec()).toEqual(Array(30).fill("OK"));
    expect(await client.dbSize()).toBe(30);
  });

  test("without commands gives no replies", async () => {
    await using client = await connect();
    expect([await client.multi().exec(), await client.multi().execAsPipeline()]).toEqual([[], []]);
  });

  test("throws when commands failed, with all replies and the places of the errors", async () => {
    await using client = await connect();
    const error = (await failure(
      client.multi().set("text", "a").lPush("text", "b").get("text").incr("text").exec(),
    )) as unknown as MultiErrorReply;
    expect(error).toBeInstanceOf(MultiErrorReply);
    expect(error).toMatchObject({ code: "REPLY_PARTIAL", errorIndexes: [1, 3] });
    expect([error.replies[0], error.replies[2]]).toEqual(["OK", "a"]);
    expect([...error.errors()].map(({ code }) => code)).toEqual(["REPLY_WRONG_TYPE", "REPLY_ERROR"]);
  });

  test("is not carried out when a command is refused, and says which and why", async () => {
    await using client = await connect();
    const error = await failure(
      client.multi().set("a", 1).sendCommand(["NOSUCH", "thing"]).set("b", 2).exec(),
    );
    expect(error).toMatchObject({ code: "REPLY_EXEC_ABORTED", command: "MULTI" });
    expect(error.cause).toMatchObject({ code: "REPLY_UNKNOWN_COMMAND", command: "NOSUCH" });
    expect(await client.exists(["a", "b"])).toBe(0);
    expect(await client.multi().get("a").exec()).toEqual([null]);
  });

  test("with an argument that cannot be sent sends nothing", async () => {
    await using client = await connect();
    const bad = client
      .multi()
      .set("a", 1)
      .set("b", undefined as never);
    expect(await failure(bad.exec())).toMatchObject({ code: "CONFIG_INVALID_VALUE", command: "SET" });
    expect(await failure(bad.execAsPipeline())).toMatchObject({ code: "CONFIG_INVALID_VALUE" });
    expect(() => client.multi().del([])).toThrow("DEL");
    expect(await client.exists("a")).toBe(0);
    expect(await client.multi().set("a", 1).exec()).toEqual(["OK"]);
  });

  test("that is lost in the middle rejects once, and the client goes on", async () => {
    await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort as number } });
    await using client = await connectThrough(proxy);
    let multi = client.multi();
    for (let i = 0; i < 100; i++) multi = multi.incr(`n${i}`) as never;
    await client.ping();
    proxy.stall();
    const lost = failure(multi.exec());
    const pipeline = failure(multi.execAsPipeline());
    setTimeout(() => proxy.cut(), 50);
    expect(await lost).toMatchObject({ code: "CLOSED_CONNECTION", command: "MULTI" });
    expect(await pipeline).toMatchObject({ code: "CLOSED_CONNECTION", command: "INCR" });
    await proxy.pass();
    expect(await client.multi().get("x").exec()).toEqual([null]);
  });

  test("has one deadline for the whole, and one signal", async () => {
    await using client = await connect();
    await server.command("CLIENT", "PAUSE", "1200", "ALL");
    const slow = client.withCommandOptions({ timeout: 60 });
    expect(await failure(slow.multi().set("a", 1).set("b", 1).exec())).toMatchObject({
      code: "TIMEOUT_COMMAND",
      command: "MULTI",
    });
    expect(await client.get("b")).toBe("1");

    const aborted = client.withAbortSignal(AbortSignal.abort()).multi().set("c", 1);
    expect(await failure(aborted.exec())).toMatchObject({ code: "CLOSED_ABORTED" });
    await server.command("CLIENT", "PAUSE", "1000", "ALL");
    const soon = client.withAbortSignal(AbortSignal.timeout(30)).multi();
    expect(await failure(soon.get("a").execAsPipeline())).toMatchObject({ code: "CLOSED_ABORTED" });
    expect(await client.exists("c")).toBe(0);
  });

  test("waits for the connection as a whole", async () => {
    await using client = await connect();
    const lost = new Promise((resolve) => client.once("reconnecting", () => resolve(null)));
    await server.command("CLIENT", "KILL", "TYPE", "normal");
    await lost;
    const block = client.multi().set("a", 1).get("a").exec();
    const pipeline = client.multi().set("b", 1).lPush("b", "x").execAsPipeline();
    expect(await block).toEqual(["OK", "1"]);
    expect(await failure(pipeline)).toMatchObject({ code: "REPLY_PARTIAL", errorIndexes: [1] });
  });
});

describe("a pipeline", () => {
  test("gives decoded replies in order, and carries out what comes after an error", async () => {
    await using client = await connect();
    const replies = await client.multi().hSet("h", "a", 1).hGetAll("h").exec(true);
    expectTypeOf(replies[0]).toEqualTypeOf<number>();
    expect([replies[0], { ...replies[1] }]).toEqual([1, { a: "1" }]);
    const error = await failure(client.multi().get("h").set("after", 1).execAsPipelineTyped());
    expect(error).toMatchObject({ code: "REPLY_PARTIAL", errorIndexes: [0] });
    expect(await client.get("after")).toBe("1");
  });

  test("of 20,000 commands gives each its own reply", async () => {
    await using client = await connect();
    let multi = client.multi();
    for (let i = 0; i < 10_000; i++) multi = multi.set(`k${i}`, `v${i}`).get(`k${i}`) as never;
    const replies = (await multi.execAsPipeline()) as unknown[];
    expect(replies.length).toBe(20_000);
    expect(replies.filter((reply, i) => i % 2 === 1 && reply === `v${(i - 1) / 2}`)).toHaveLength(10_000);
  });
});

describe("optimistic locks", () => {
  test("let a transaction through when nothing changed, and stop it when something did", async () => {
    await using client = await connect();
    await using other = await connect();
    await client.watch(["k", "l"]);
    expect(await client.multi().set("k", "mine").exec()).toEqual(["OK"]);

    await client.watch("k");
    await other.set("k", "theirs");
    expect(await failure(client.multi().set("k", "mine").exec())).toMatchObject({ code: "REPLY_CONFLICT" });
    expect(await client.get("k")).toBe("theirs");

    // It is used up: the next transaction is free.
    expect(await client.multi().set("k", "again").exec()).toEqual(["OK"]);
  });

  test("end with unwatch() and discard()", async () => {
    await using client = await connect();
    await using other = await connect();
    await client.watch("k");
    await other.set("k", "theirs");
    await client.UNWATCH();
    expect(await client.MULTI().SET("k", "mine").EXEC()).toEqual(["OK"]);
    await client.watch("k");
    await other.set("k", "theirs");
    const multi = client.multi().set("k", "mine");
    await multi.discard();
    expect(multi.length).toBe(0);
    expect(await multi.get("k").exec()).toEqual(["theirs"]);
  });

  test("do not outlive their connection", async () => {
    await using client = await connect();
    await client.watch("k");
    const again = new Promise((resolve) => client.once("ready", () => resolve(null)));
    await server.command("CLIENT", "KILL", "TYPE", "normal");
    await again;
    const error = await failure(client.multi().set("k", 1).exec());
    expect(error).toMatchObject({ code: "REPLY_CONFLICT" });
    expect(error.message).toContain("connection");
    expect(await client.exists("k")).toBe(0);
    expect(await client.multi().set("k", 1).exec()).toEqual(["OK"]);
  });
});

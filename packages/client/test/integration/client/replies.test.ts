import { Buffer } from "node:buffer";
import { createClient, RESP_TYPES } from "@redoubt/client";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe.each([2, 3] as const)("RESP%i", (RESP) => {
  const connect = () => createClient({ url: server.uri, RESP, database: RESP }).connect();

  test("gives every caller its own reply, whatever the size", async () => {
    await using client = await connect();
    expect(client.report?.protocol).toBe(RESP);
    const sizes = [0, 1, 12, 13, 24, 25, 127, 128, 129, 8191, 8192, 65_535, 65_536, 200_000];
    const values = sizes.flatMap((size) => ["a", "é", "🔑"].map((letter) => letter.repeat(size)));
    await Promise.all(values.map((value, i) => client.set(`size:${i}`, value)));
    const replies = await Promise.all(values.map((_, i) => client.get(`size:${i}`)));
    expect(replies.map((reply, i) => reply === values[i])).toEqual(values.map(() => true));
  });

  test("carries any bytes as Buffers, and text stays text", async () => {
    await using client = await connect();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await client.set("bytes", bytes);
    await client.hSet("hash", { field: bytes });
    const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    expect(await buffers.get("bytes")).toEqual(bytes);
    expect(await buffers.hGetAll("hash")).toEqual({ field: bytes });
    expect(await buffers.set("bytes", bytes)).toBe("OK");
    expect(await client.get("bytes")).toBe(bytes.toString());
  });

  test("keeps 16 MiB whole", async () => {
    await using client = await connect();
    const large = Buffer.alloc(16 * 1024 * 1024, "0123456789abcdef");
    await client.set("large", large);
    const back = await client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }).get("large");
    expect(back?.equals(large)).toBe(true);
    expect((await client.get("large")) === large.toString("latin1")).toBe(true);
    await client.del("large");
  });

  test("an error belongs to its command only", async () => {
    await using client = await connect();
    await client.set("text", "x");
    const [first, second, third] = await Promise.allSettled([
      client.get("text"),
      client.lPush("text", "y"),
      client.get("text"),
    ]);
    expect(first).toMatchObject({ status: "fulfilled", value: "x" });
    expect(second).toMatchObject({
      status: "rejected",
      reason: { code: "REPLY_WRONG_TYPE", command: "LPUSH", name: "ReplyError" },
    });
    expect(third).toMatchObject({ status: "fulfilled", value: "x" });
  });

  test("a bad argument is refused and nothing of it is sent", async () => {
    await using client = await connect();
    const results = await Promise.allSettled([
      client.set("a", undefined as never),
      client.set(null as never, "x"),
      client.set("n", Number.NaN as never),
      client.ping(),
    ]);
    expect(
      results.map((result) => (result.status === "rejected" ? result.reason.code : result.value)),
    ).toEqual(["CONFIG_INVALID_VALUE", "CONFIG_INVALID_VALUE", "CONFIG_INVALID_VALUE", "PONG"]);
  });

  test("sendCommand sends any words", async () => {
    await using client = await connect();
    await client.set("n", "5");
    expect(await client.sendCommand(["OBJECT", "ENCODING", "n"])).toBe("int");
    await expect(client.sendCommand(["NOSUCH", "x"])).rejects.toMatchObject({
      code: "REPLY_UNKNOWN_COMMAND",
    });
    await expect(client.sendCommand([])).rejects.toMatchObject({ code: "CONFIG_INVALID_VALUE" });
  });

  test("fields named like parts of an object are only fields", async () => {
    await using client = await connect();
    await client.hSet("odd", ["__proto__", "1", "constructor", "2", "toString", "3"]);
    const odd = await client.hGetAll("odd");
    expect(Object.entries(odd).sort()).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
      ["toString", "3"],
    ]);
    expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
  });
});

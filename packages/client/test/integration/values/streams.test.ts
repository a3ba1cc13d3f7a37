import { createHash, randomBytes } from "node:crypto";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  type Client,
  createClient,
  createCluster,
  createValueReadStream,
  createValueWriteStream,
} from "@redoubt/client";
import { type RedisServer, startCluster, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const mebibyte = 1024 * 1024;

let server: RedisServer;
let client: Client;

beforeAll(async () => {
  server = await startServer();
  client = await createClient(server.uri).connect();
});

afterAll(async () => {
  await client.close();
  await server.stop();
});

/** Bytes of an odd length in odd pieces. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7) % 300_007) {
    yield bytes.subarray(at, at + size);
  }
}

async function collected(stream: Readable): Promise<Buffer> {
  const found: Buffer[] = [];
  for await (const piece of stream) found.push(piece as Buffer);
  return Buffer.concat(found);
}

describe("a value that is written and read piece by piece", () => {
  test.each([0, 1, 255, 1024, 1_000_003])("%i bytes", async (length) => {
    const bytes = randomBytes(length);
    await pipeline(pieces(bytes), createValueWriteStream(client, "value", { chunkBytes: 1000 }));
    expect(await client.strLen("value")).toBe(length);
    expect(await client.pTTL("value")).toBe(-1);
    expect(
      (await collected(createValueReadStream(client, "value", { chunkBytes: 1024 }))).equals(bytes),
    ).toBe(true);
    expect(await client.keys("*")).toEqual(["value"]);
  });

  test("from the middle on, and of a key that is not there", async () => {
    await client.set("value", "0123456789");
    expect(
      (await collected(createValueReadStream(client, "value", { start: 4, chunkBytes: 4 }))).toString(),
    ).toBe("456789");
    expect(await collected(createValueReadStream(client, "nothing"))).toHaveLength(0);
  });

  test("with an expiry, which begins when the value is there", async () => {
    await pipeline(["short-lived"], createValueWriteStream(client, "value", { expireMs: 50_000 }));
    expect(await client.pTTL("value")).toBeGreaterThan(40_000);
    expect(await client.pTTL("value")).toBeLessThanOrEqual(50_000);
  });

  test("readers see the old value until the last piece has come", async () => {
    await client.set("value", "old");
    const stream = createValueWriteStream(client, "value");
    await new Promise((resolve) => stream.write("new", resolve));
    expect(await client.get("value")).toBe("old");
    await new Promise<void>((resolve) => stream.end(" value", resolve));
    expect(await client.get("value")).toBe("new value");
  });

  test("given up in the middle: the key stays as it was, and nothing is left behind", async () => {
    await client.flushAll();
    await client.set("value", "old");
    const source = Readable.from(
      (async function* () {
        yield "new";
        await expect.poll(() => client.dbSize(), { timeout: 10_000 }).toBe(2);
        throw new Error("no more");
      })(),
    );
    await expect(pipeline(source, createValueWriteStream(client, "value"))).rejects.toThrow("no more");
    await expect.poll(() => client.keys("*"), { timeout: 10_000 }).toEqual(["value"]);
    expect(await client.get("value")).toBe("old");
  });

  test("what the server refuses is the error of the stream", async () => {
    await client.del("list");
    await client.rPush("list", "item");
    await expect(collected(createValueReadStream(client, "list"))).rejects.toMatchObject({
      code: "REPLY_WRONG_TYPE",
    });
    const over = AbortSignal.abort(new Error("enough"));
    await expect(collected(createValueReadStream(client, "value", { signal: over }))).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

test("400 MiB pass through in bounded memory, though the reader is slower than the server", async () => {
  const piece = randomBytes(mebibyte);
  const total = 400;
  const written = createHash("sha256");
  const source = function* (): Generator<Buffer> {
    for (let i = 0; i < total; i++) {
      written.update(piece);
      yield piece;
    }
  };
  await pipeline(source, createValueWriteStream(client, "huge"));
  let most = 0;
  const read = createHash("sha256");
  const reader = new Writable({
    write(chunk: Buffer, _encoding, done) {
      read.update(chunk);
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      setImmediate(done);
    },
  });
  const before = process.memoryUsage().arrayBuffers;
  await pipeline(createValueReadStream(client, "huge"), reader);
  await client.unlink("huge");
  expect(read.digest("hex")).toBe(written.digest("hex"));
  // Garbage that is not yet collected counts, too.
  expect((most - before) / mebibyte).toBeLessThan(150);
}, 120_000);

test("in a cluster all pieces lie in the slot of the key", async () => {
  await using servers = await startCluster();
  await using cluster = await createCluster(servers.uri).connect();
  const bytes = randomBytes(300_000);
  for (const key of ["plain", "{tag}:key", "with { brace", "tag {x} inside"]) {
    await pipeline(pieces(bytes), createValueWriteStream(cluster, key, { chunkBytes: 10_000 }));
    expect((await collected(createValueReadStream(cluster, key))).equals(bytes), key).toBe(true);
  }
});

import { Buffer } from "node:buffer";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { land } from "../../../src/bytes/landing.ts";

/** A connection: the end that connected, the end that was accepted. */
async function pair(): Promise<[outer: Socket, inner: Socket]> {
  const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const outer = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
  const [inner] = (await once(server, "connection")) as [Socket];
  server.close();
  return [outer, inner];
}

test("bytes of many sockets land whole and in order, those first that were put back", async () => {
  const ends = await Promise.all(Array.from({ length: 8 }, pair));
  const heard = await Promise.all(
    ends.map(async ([outer, inner], i) => {
      outer.write("first ");
      await once(inner, "readable");
      inner.unshift(inner.read() as Buffer);
      const parts: Buffer[] = [];
      const take = (bytes: Buffer): void => void parts.push(bytes);
      expect(land(inner, take)).toBe(true);
      inner.on("data", take);
      for (let k = 0; k < 200; k++) {
        outer.write(Buffer.alloc(1 + ((k * 977) % 5000), i));
        if (k % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      outer.end();
      await once(inner, "end");
      inner.destroy();
      return Buffer.concat(parts);
    }),
  );
  const total = Array.from({ length: 200 }, (_, k) => 1 + ((k * 977) % 5000)).reduce((a, b) => a + b);
  for (const [i, bytes] of heard.entries())
    expect(bytes.equals(Buffer.concat([Buffer.from("first "), Buffer.alloc(total, i)]))).toBe(true);
});

test("a socket that is paused reads nothing, and goes on when it is resumed", async () => {
  const [outer, inner] = await pair();
  let heard = 0;
  land(inner, (bytes) => (heard += bytes.length));
  inner.resume();
  outer.write("12345");
  await expect.poll(() => heard).toBe(5);
  inner.pause();
  outer.write(Buffer.alloc(8 * 1024 * 1024));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(heard).toBe(5);
  expect(outer.writableLength).toBeGreaterThan(0);
  inner.resume();
  await expect.poll(() => heard, { timeout: 5000 }).toBe(5 + 8 * 1024 * 1024);
  outer.destroy();
  inner.destroy();
});

import { startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { until } from "./stunnel-programs.ts";
import { Bytes, memoryOf, tunnelKinds } from "./tunnel-kinds.ts";

test.each(tunnelKinds)("$name", { timeout: 300_000 }, async (kind) => {
  await using server = await startServer({ password: false });
  await using tunnel = await kind.open(server);
  const before = memoryOf(tunnel.pid);
  const clients = Array.from({ length: 1000 }, () => new Bytes(tunnel.port));
  try {
    for (let round = 0; round < 3; round++) {
      const replies = await Promise.all(
        clients.map((client, id) => {
          const expected = `$${`${round}-${id}`.length}\r\n${round}-${id}\r\n`;
          return client.say(`ECHO ${round}-${id}\r\n`, (text) => text.length >= expected.length);
        }),
      );
      replies.forEach((reply, id) => expect(reply.split("\r\n")[1]).toBe(`${round}-${id}`));
    }
    expect(clients.filter(({ isClosed }) => isClosed)).toEqual([]);
    // A client costs less than a fifth of a MiB, its TLS connection included where it has one of its own.
    expect(memoryOf(tunnel.pid) - before).toBeLessThan(200 * 1024 * 1024);
  } finally {
    for (const client of clients) client.socket.destroy();
  }
  await until("all connections there are closed", async () => {
    const clientsThere = /connected_clients:(\d+)/.exec(String(await server.command("INFO", "clients")))?.[1];
    return Number(clientsThere) < 20;
  });
});

import { existsSync, readFileSync } from "node:fs";
import { Socket } from "node:net";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { parse } from "../../../src/config/index.ts";
import { dial } from "../../../src/net/dial.ts";

const table = "/proc/net/tcp";
let server: RedisServer;

beforeAll(async () => {
  server = await startServer({ listen: "both", password: false });
});

afterAll(() => server.stop());

/** The timer that the kernel has for a connection, by its local port. Source: `proc_net_tcp.txt`; 02 is keepalive. */
function timerOf(port: number): string | undefined {
  const local = port.toString(16).toUpperCase().padStart(4, "0");
  const rows = readFileSync(table, "utf8").split("\n").slice(1);
  const row = rows.map((line) => line.trim().split(/\s+/)).find((cells) => cells[1]?.endsWith(`:${local}`));
  return row?.[5]?.split(":")[0];
}

// Node takes the option of TLS sockets and does nothing with it.
test.skipIf(!existsSync(table))(
  "the kernel asks whether the peer is there, with TLS and without",
  async () => {
    const addresses = [
      `redis://127.0.0.1:${server.port}`,
      `rediss://127.0.0.1:${server.tlsPort}?sslrootcert=${server.caFile}`,
    ];
    for (const address of addresses) {
      const { socket, close } = await dial(parse(address));
      // What was sent is acknowledged by then, and its timer is over.
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(timerOf(socket.localPort as number)).toBe("02");
      close();
    }
  },
);

test("a command over TLS does not wait until an earlier one is acknowledged", async () => {
  const asked = vi.spyOn(Socket.prototype, "setNoDelay");
  const { socket, close } = await dial(
    parse(`rediss://127.0.0.1:${server.tlsPort}?sslrootcert=${server.caFile}`),
  );
  expect(asked.mock.contexts).toContain(socket);
  expect(asked).toHaveBeenCalledWith(true);
  asked.mockRestore();
  close();
});

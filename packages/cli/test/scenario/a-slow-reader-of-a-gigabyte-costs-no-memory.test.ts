import { connect } from "node:net";
import { startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { until } from "./stunnel-programs.ts";
import { memoryOf, pingOnce, tunnelKinds } from "./tunnel-kinds.ts";

const mebibyte = 1024 * 1024;
const value = 8 * mebibyte;
const perRound = 16;
const rounds = 8;

test.each(tunnelKinds)("$name", { timeout: 600_000 }, async (kind) => {
  await using server = await startServer({ password: false });
  await using tunnel = await kind.open(server);
  await server.command("SET", "big", "x".repeat(value));
  const reply = `$${value}\r\n`.length + value + 2;
  const before = memoryOf(tunnel.pid);
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, memoryOf(tunnel.pid))), 50);
  const socket = connect(tunnel.port, "127.0.0.1");
  try {
    let received = 0;
    socket.on("data", (bytes: Buffer) => (received += bytes.length));
    // A client that reads large values is known as such from its first one on, and has a connection of its own.
    socket.write("GET big\r\n");
    await until("the first value has come", () => received >= reply);
    for (let round = 0; round < rounds; round++) {
      socket.pause();
      socket.write("GET big\r\n".repeat(perRound));
      // Whoever is not read from must not hold up others.
      for (let i = 0; i < 3; i++) expect(await pingOnce(tunnel.port)).toBe("+PONG\r\n");
      await new Promise((resolve) => setTimeout(resolve, 200));
      socket.resume();
      const expected = ((round + 1) * perRound + 1) * reply;
      await until(
        `${round + 1} of ${rounds} parts have come`,
        () => received >= expected || socket.destroyed,
      );
      expect(received).toBe(expected);
    }
    expect(received).toBeGreaterThan(1024 * mebibyte);
    // 1 GiB went through, of which 128 MiB waited at a time.
    expect(peak - before).toBeLessThan(100 * mebibyte);
  } finally {
    clearInterval(watch);
    socket.destroy();
  }
});

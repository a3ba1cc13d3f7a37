import { startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { until } from "./stunnel-programs.ts";
import { Bytes, pingOnce, tunnelKinds } from "./tunnel-kinds.ts";

test.each(tunnelKinds)("$name", async (kind) => {
  await using server = await startServer({ password: false });
  await using tunnel = await kind.open(server);
  using client = new Bytes(tunnel.port);
  using waiting = new Bytes(tunnel.port);
  expect(await client.ping()).toBe("+PONG\r\n");
  waiting.socket.write("BLPOP nothing 0\r\n");
  await until("it waits", async () =>
    String(await server.command("INFO", "clients")).includes("blocked_clients:1"),
  );
  process.kill(server.pid as number, "SIGKILL");
  if (kind.name === "redoubt tunnel FILE") {
    // Bytes cannot say more than that it is over.
    await until("both are cut", () => client.isClosed && waiting.isClosed);
    expect(await pingOnce(tunnel.port)).toBe("");
    await until("the log says why", () => tunnel.output().includes("Connection refused (111)"));
  } else {
    await until("who waited is told", () => waiting.text.startsWith("-ERR CLOSED_") || waiting.isClosed);
    await until("the next one is told which step failed", async () =>
      (await client.ping()).startsWith("-ERR TCP_REFUSED "),
    );
    expect(client.isClosed).toBe(false);
    await until("the log says why", () => tunnel.output().includes("TCP_REFUSED"));
  }
  await server.restart();
  await until("it goes on", async () => (await pingOnce(tunnel.port)) === "+PONG\r\n");
});

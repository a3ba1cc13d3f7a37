import { ok } from "node:assert/strict";
import { startFaultProxy, startServer } from "@redoubt/server";
import type { Drill } from "../drill.ts";
import { through } from "../stage/address.ts";
import { Subject } from "../stage/subject.ts";

/** Option `socketTimeout` of the clients, ms. */
const socketTimeout = 1000;
const rounds = 3;

export const stalledSocket: Drill = {
  name: "stalled-socket",
  title: "Half-open sockets",
  what: `All connections go dead without a word, ${rounds} times, as behind a gateway that has forgotten them: bytes vanish both ways, and nothing is closed. New connections work. \`socketTimeout\` is ${socketTimeout} ms.`,
  // Noticed when the timeout is over, then a dial after up to 50 ms of jitter.
  allowed: { recoverMs: socketTimeout + 750, codes: ["TIMEOUT_SOCKET"] },
  async run() {
    await using server = await startServer();
    await using proxy = await startFaultProxy({ to: { host: server.address, port: server.tlsPort ?? 0 } });
    await using subject = await Subject.open({ kind: "client", url: through(proxy, server), socketTimeout });
    await subject.load();
    const before = proxy.connections;
    for (let round = 0; round < rounds; round++) {
      proxy.stall();
      await proxy.pass();
      await subject.flows();
    }
    const account = await subject.finish();
    const replaced = proxy.connections - before;
    ok(replaced >= rounds, "no client dialled again");
    return { account, facts: { "connections replaced": replaced } };
  },
};

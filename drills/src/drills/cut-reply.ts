import { startFaultProxy, startServer } from "@redoubt/server";
import type { Drill } from "../drill.ts";
import { through } from "../stage/address.ts";
import { Subject } from "../stage/subject.ts";
import { until } from "../stage/until.ts";

const valueBytes = 256 * 1024;
/** After how many bytes to the client connections end, one round after the other: none is the length of a reply. */
const cuts = [1, 1_000, 70_000, 200_001, 333_333, 500_000];

export const cutReply: Drill = {
  name: "cut-reply",
  title: "Cut in mid-reply",
  what: `Connections end while values of ${valueBytes / 1024} KiB are on their way, ${cuts.length} times, each time after another number of bytes.`,
  allowed: { recoverMs: 1500, codes: ["CLOSED_CONNECTION"] },
  async run() {
    await using server = await startServer();
    await using proxy = await startFaultProxy({ to: { host: server.address, port: server.tlsPort ?? 0 } });
    const clients = 2;
    await using subject = await Subject.open({
      kind: "client",
      url: through(proxy, server),
      clients,
      workers: 8,
      keys: 4,
      valueBytes,
      pauseMs: 10,
    });
    await subject.load();
    const before = proxy.connections;
    for (const bytes of cuts) {
      const { connections } = proxy;
      proxy.cutAfter(bytes);
      await until("all clients dial again", 5000, () => proxy.connections >= connections + clients);
      await proxy.pass();
      await subject.flows();
    }
    const account = await subject.finish();
    return { account, facts: { "connections cut": proxy.connections - before } };
  },
};

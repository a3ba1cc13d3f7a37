import { startSentinels } from "@redoubt/server";
import type { Drill } from "../drill.ts";
import { kill } from "../stage/kill.ts";
import { Subject } from "../stage/subject.ts";
import { untilOneSays } from "../stage/until.ts";

/** How long the Sentinels wait before they call a server gone, ms. */
const downAfter = 1000;

export const sentinelFailover: Drill = {
  name: "sentinel-failover",
  title: "`kill -9` of the primary behind Sentinel",
  what: `A primary, two replicas and three Sentinels, all with TLS. The primary is killed; the Sentinels call it gone after ${downAfter} ms of silence and promote a replica.`,
  allowed: { recoverMs: 1000, codes: ["CLOSED_CONNECTION"], lostWrites: true },
  async run() {
    await using set = await startSentinels({ replicas: 2, downAfter });
    await using subject = await Subject.open({ kind: "sentinel", url: set.uri, clients: 2 });
    await subject.load();
    kill(set.primary);
    const serversMs = await untilOneSays(
      set.sentinels,
      ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", set.masterName],
      (reply) => Array.isArray(reply) && Number(reply[1]) !== set.primary.tlsPort,
    );
    await subject.flows();
    return { account: await subject.finish(), serversMs, facts: {} };
  },
};

import { startCluster } from "@redoubt/server";
import type { Drill } from "../drill.ts";
import { kill } from "../stage/kill.ts";
import { Subject } from "../stage/subject.ts";
import { untilOneSays } from "../stage/until.ts";

/** How long nodes wait before they call another one gone, ms. */
const nodeTimeout = 1000;

export const clusterFailover: Drill = {
  name: "cluster-failover",
  title: "`kill -9` of a primary in a cluster",
  what: `Three primaries with a replica each, all with TLS. One primary is killed; the others call it gone after ${nodeTimeout} ms of silence and its replica takes over.`,
  allowed: { recoverMs: 1000, codes: ["CLOSED_CONNECTION"], lostWrites: true },
  async run() {
    await using cluster = await startCluster({ primaries: 3, replicas: 1, nodeTimeout });
    const [primary] = cluster.primaries;
    const [heir] = cluster.replicas[0] ?? [];
    if (primary === undefined || heir === undefined) throw new Error("the cluster has no replica");
    await using subject = await Subject.open({ kind: "cluster", url: cluster.uri, clients: 2 });
    await subject.load();
    kill(primary);
    const serversMs = await untilOneSays(
      [heir],
      ["ROLE"],
      (reply) => Array.isArray(reply) && reply[0] === "master",
    );
    await subject.flows();
    return { account: await subject.finish(), serversMs, facts: {} };
  },
};

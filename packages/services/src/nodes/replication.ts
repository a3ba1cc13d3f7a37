import { RedoubtError } from "@redoubt/client";
import { masterName } from "./configuration.ts";
import type { Node } from "./node.ts";
import { until } from "./patience.ts";
import { fieldsOf, pairsOf } from "./replies.ts";

/** The servers of a service with replicas. */
export interface Replicated {
  readonly nodes: readonly Node[];
  readonly sentinels: readonly Node[];
}

/** Resolves when every replica follows the primary and every Sentinel knows them all. */
export async function settleReplication({ nodes, sentinels }: Replicated, limit?: number): Promise<void> {
  const expected = {
    "num-slaves": String(nodes.length - 1),
    "num-other-sentinels": String(sentinels.length - 1),
  };
  await Promise.all(sentinels.map((sentinel) => hurry(sentinel, "100")));
  await until(
    "replication",
    async () => {
      const primary = await primaryOf({ nodes, sentinels });
      if (primary === null) return "the Sentinels do not agree on a primary";
      for (const node of nodes) {
        const info = fieldsOf(await node.command("INFO", "replication"));
        if (node === primary ? info["role"] !== "master" : info["master_link_status"] !== "up")
          return `${node.name} is ${info["role"] ?? "?"}, link ${info["master_link_status"] ?? "none"}`;
      }
      for (const sentinel of sentinels) {
        const seen = pairsOf(await sentinel.command("SENTINEL", "MASTER", masterName));
        for (const [key, value] of Object.entries(expected))
          if (seen[key] !== value) return `${sentinel.name} says ${key} ${seen[key] ?? "nothing"}`;
        const away = await missing(sentinel);
        if (away !== null) return `${sentinel.name} has not seen ${away} follow yet`;
      }
      return null;
    },
    { limit: limit ?? 60_000, every: 50 },
  );
  await Promise.all(sentinels.map((sentinel) => hurry(sentinel, "1000")));
}

/** A replica that a Sentinel would not let take over: it has not heard of it since it was away. Null: there is none. */
async function missing(sentinel: Node): Promise<string | null> {
  const replicas = await sentinel.command("SENTINEL", "REPLICAS", masterName);
  for (const replica of Array.isArray(replicas) ? replicas : []) {
    const seen = pairsOf(replica);
    if (seen["flags"] !== "slave" || seen["master-link-status"] !== "ok")
      return `port ${seen["port"] ?? "?"}`;
  }
  return null;
}

/** Sentinels find each other by messages every two seconds. Where the server lets us, they hurry. */
async function hurry(sentinel: Node, period: string): Promise<void> {
  await sentinel.command("SENTINEL", "DEBUG", "PUBLISH-PERIOD", period, "INFO-PERIOD", "200").catch(() => {});
}

/** The node that the Sentinels call primary; null while most of them do not agree, or it does not say so itself. */
export async function primaryOf({ nodes, sentinels }: Replicated): Promise<Node | null> {
  const votes = await Promise.all(
    sentinels.map(async (sentinel) => {
      const reply = await sentinel
        .command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", masterName)
        .catch(() => null);
      return Array.isArray(reply) ? Number(reply[1]) : null;
    }),
  );
  const named = nodes.find(({ port }) => votes.filter((vote) => vote === port).length * 2 > sentinels.length);
  if (named === undefined) return null;
  const info = fieldsOf(await named.command("INFO", "replication").catch(() => ""));
  return info["role"] === "master" ? named : null;
}

/** A Sentinel may refuse for a moment: it has not seen yet that a replica is back, or the last failover is not over for it. */
async function begin(sentinel: Node | undefined): Promise<string | null> {
  await sentinel?.command("SENTINEL", "FAILOVER", masterName);
  return sentinel === undefined ? "there is no Sentinel" : null;
}

/**
 * Makes a replica the primary, by order of a Sentinel. Resolves when all follow it.
 * @throws RedoubtError `SERVICE_FAILED`
 */
export async function failOver(all: Replicated, progress: (sentence: string) => void): Promise<void> {
  const before = await primaryOf(all);
  if (before === null)
    throw new RedoubtError(
      "SERVICE_FAILED",
      "There is no primary at the moment that a replica could follow upon",
    );
  progress(`${before.name} hands over.`);
  let turn = 0;
  await until("failover", () => begin(all.sentinels[turn++ % all.sentinels.length]), {
    limit: 30_000,
    every: 200,
  });
  await until("failover", async () => {
    const now = await primaryOf(all);
    return now === null || now === before ? `${before.name} is still called primary` : null;
  });
  await settleReplication(all);
  progress(`${(await primaryOf(all))?.name ?? "nobody"} is the primary now.`);
}

import type { Node } from "./node.ts";
import { until } from "./patience.ts";
import { fieldsOf } from "./replies.ts";

const slotCount = 16_384;

/**
 * Makes a cluster of nodes that run, or finishes what was begun: each gets its share of the slots, then all meet. Resolves
 * when every node says that all slots are served.
 */
export async function formCluster(nodes: readonly Node[]): Promise<void> {
  const [first, ...others] = nodes;
  if (first === undefined) return;
  await Promise.all(nodes.map((node, at) => takeSlots(node, at, nodes.length)));
  const complete = {
    cluster_state: "ok",
    cluster_known_nodes: String(nodes.length),
    cluster_slots_ok: String(slotCount),
  };
  let met = 0;
  await until(
    "forming the cluster",
    async () => {
      // News may get lost between nodes that have just met: whoever is unknown is introduced again.
      if (met++ % 40 === 0)
        for (const { record } of others)
          await first.command("CLUSTER", "MEET", "127.0.0.1", String(record.port), String(record.busPort));
      for (const node of nodes) {
        const seen = fieldsOf(await node.command("CLUSTER", "INFO"));
        for (const [key, value] of Object.entries(complete))
          if (seen[key] !== value) return `${node.name} says ${key} ${seen[key] ?? "nothing"}`;
      }
      return null;
    },
    { limit: 120_000 },
  );
}

/** Gives a node an epoch of its own, if it has none, and those slots of its share that nobody serves. */
async function takeSlots(node: Node, at: number, count: number): Promise<void> {
  using control = await node.control();
  const served = servedSlots(String(await control.call("CLUSTER", "NODES")));
  const missing: string[] = [];
  // Not all or none: a node that starts with the data of a backup has taken the slots of the keys that it found
  // (verifyClusterConfigWithData), and no others.
  const end = Math.floor(((at + 1) * slotCount) / count);
  for (let slot = Math.floor((at * slotCount) / count); slot < end; slot++) {
    const from = slot;
    while (slot < end && !served.has(slot)) slot++;
    if (slot > from) missing.push(String(from), String(slot - 1));
  }
  if (missing.length === 0) return;
  const { cluster_known_nodes: known, cluster_my_epoch: epoch } = fieldsOf(
    await control.call("CLUSTER", "INFO"),
  );
  // Only a node that is alone and has none yet may choose.
  if (known === "1" && epoch === "0") await control.call("CLUSTER", "SET-CONFIG-EPOCH", String(at + 1));
  await control.call("CLUSTER", "ADDSLOTSRANGE", ...missing);
}

/** Slots that some node serves, by the reply of `CLUSTER NODES`: `5461`, `0-5460`; those in brackets are on their way. */
function servedSlots(list: string): Set<number> {
  const served = new Set<number>();
  for (const line of list.split("\n"))
    for (const range of line.trim().split(" ").slice(8)) {
      if (range.startsWith("[")) continue;
      const [from = "", to = from] = range.split("-");
      for (let slot = Number(from); slot <= Number(to); slot++) served.add(slot);
    }
  return served;
}

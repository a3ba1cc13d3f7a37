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

/** Gives a node its slots and an epoch of its own, if it has none. */
async function takeSlots(node: Node, at: number, count: number): Promise<void> {
  using control = await node.control();
  const list = String(await control.call("CLUSTER", "NODES"));
  const [, , , , , , , , ...slots] = (list.split("\n").find((line) => line.includes("myself")) ?? "")
    .trim()
    .split(" ");
  if (slots.length > 0) return;
  const from = Math.floor((at * slotCount) / count);
  const to = Math.floor(((at + 1) * slotCount) / count) - 1;
  const { cluster_known_nodes: known, cluster_my_epoch: epoch } = fieldsOf(
    await control.call("CLUSTER", "INFO"),
  );
  // Only a node that is alone and has none yet may choose.
  if (known === "1" && epoch === "0") await control.call("CLUSTER", "SET-CONFIG-EPOCH", String(at + 1));
  await control.call("CLUSTER", "ADDSLOTSRANGE", String(from), String(to));
}

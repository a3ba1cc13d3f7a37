import type { NodeHandle } from "../contract/node-handle.ts";
import type { CheckedOptions, RunningSimulation, SimulationHost } from "./host.ts";

/** How often it is looked whether a node was started again and announces its name again, ms. */
const lookEvery = 500;

/**
 * Has the nodes of a cluster announce their addresses instead of their names, as Azure's do: clients that verify the name in the
 * certificate must know it from their connection string.
 */
export async function startIpOnlyCluster(
  host: SimulationHost,
  _folder: string,
  _options: CheckedOptions,
): Promise<RunningSimulation> {
  const told = new Map<string, { pid: number | null; before: string }>();
  const tell = async (node: NodeHandle): Promise<void> => {
    const known = told.get(node.name);
    if (node.pid === null || known?.pid === node.pid) return;
    const before = known?.before ?? (await setting(node));
    await announce(node, "ip");
    told.set(node.name, { pid: node.pid, before });
  };
  const stop = async (): Promise<void> => {
    clearInterval(looking);
    await looked;
    for (const node of host.context.nodes) {
      const known = told.get(node.name);
      if (known !== undefined && node.pid !== null) await announce(node, known.before).catch(() => {});
    }
  };
  let looked: Promise<void> = Promise.resolve();
  const looking = setInterval(() => {
    looked = looked.then(async () => {
      for (const node of host.context.nodes)
        await tell(node).catch((error: Error) =>
          host.context.say(`${node.name} could not be told to announce its address: ${error.message}`),
        );
    });
  }, lookEvery);
  try {
    for (const node of host.context.nodes) await tell(node);
  } catch (error) {
    await stop();
    throw error;
  }
  return { facts: { announced: "127.0.0.1" }, stop };
}

async function announce(node: NodeHandle, type: string): Promise<void> {
  using control = await node.control();
  await control.call("CONFIG", "SET", "cluster-preferred-endpoint-type", type);
}

async function setting(node: NodeHandle): Promise<string> {
  using control = await node.control();
  const reply = await control.call("CONFIG", "GET", "cluster-preferred-endpoint-type");
  return Array.isArray(reply) ? String(reply[1]) : "ip";
}

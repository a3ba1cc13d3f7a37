import type { CurrentQuery } from "../contract/metrics.ts";
import type { KeeperModule, MakeModule } from "../contract/module.ts";
import type { ServiceContext } from "../contract/node-handle.ts";
import { clientsOf } from "./client-list.ts";
import { MetricsRecorder, metricsFolder, sampleEvery } from "./recorder.ts";

/** Measures the nodes of a service, and lists their clients. */
export const metricsModule: MakeModule = (context) => {
  const recorder = new MetricsRecorder(metricsFolder(context.folder));
  let timer: NodeJS.Timeout | undefined;
  let recording: Promise<void> = Promise.resolve();
  const record = (): void => {
    recording = recorder
      .record(context.nodes)
      .catch((error: Error) => context.say(`Metrics could not be written: ${error.message}`));
  };
  return {
    orders: { "current-queries": () => clientsOfAll(context) },
    start: () => {
      clearInterval(timer);
      timer = setInterval(record, sampleEvery);
      record();
      return recording;
    },
    stop: () => {
      clearInterval(timer);
      return recording;
    },
  } satisfies KeeperModule;
};

async function clientsOfAll({
  nodes,
  operator,
  settings,
  topology,
}: ServiceContext): Promise<CurrentQuery[]> {
  const lists = await Promise.all(
    nodes.map(async (node) => {
      if (node.pid === null) return [];
      using control = await node.control();
      // Clients of a plain service come to a door of the keeper, too; only clusters open plain ports themselves.
      const place = {
        name: node.name,
        control,
        tlsPort: node.port,
        terminatorAt: settings.tls ? node.socket : null,
      };
      const plain = topology === "cluster" ? "any" : node.socket;
      return await clientsOf(
        { ...place, plainAt: settings.tls ? null : plain },
        { internalUsers: [operator.username] },
      );
    }),
  );
  return lists.flat();
}

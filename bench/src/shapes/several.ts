import type { BenchClient } from "../clients/contender.ts";
import type { Task } from "../measurement.ts";
import { measureFanOut, measureRawFanOut } from "../probes/fan-out.ts";
import { measureLoad } from "../probes/load.ts";
import { measureRawLines } from "../probes/raw.ts";
import { keys } from "./dataset.ts";
import { load } from "./load.ts";
import type { Shape } from "./shape.ts";
import { inFlight, thousands } from "./workload.ts";

/** Listeners of one channel in one client. */
const listeners = 10;

/** Connections of the pool, and callers that share them. */
const poolSize = 8;
const callers = 64;

const noGoal = { tls: {}, tcp: {} };

const fanOut = (size: string, bytes: number): Shape => ({
  title: `messages of ${size}, each to ${listeners} listeners of one client`,
  unit: "ops/s",
  better: "more",
  goal: noGoal,
  slow: true,
  measure: (contender, task) => measureFanOut({ bytes, listeners }, contender, task),
  measureRaw: (task) => measureRawFanOut({ bytes, listeners }, task),
});

/** A third of a thousand at each primary. */
const rawCluster = (task: Task): ReturnType<typeof measureRawLines> =>
  measureRawLines(
    task.nodes.map(({ endpoint, key }) => ({
      endpoint,
      words: ["GET", key],
      window: Math.round(keys.length / task.nodes.length),
    })),
    task,
  );

const inCluster = (
  title: string,
  ask: (client: BenchClient) => Promise<unknown>,
  can?: (client: BenchClient) => boolean,
): Shape => ({
  ...load({
    title,
    workload: thousands(ask),
    raw: rawCluster,
    connect: ({ connectCluster }, { endpoint }) => connectCluster?.(endpoint),
    ...(can && { can }),
  }),
  slow: true,
  cluster: true,
});

/** More than one connection, or more than one listener. */
export const severalShapes: Readonly<Record<string, Shape>> = {
  pub16: fanOut("16 bytes", 16),
  pub1k: fanOut("1,024 bytes", 1024),
  cluster1000: inCluster("cluster of 3, Promise.all of 1,000 GET", (client) =>
    Promise.all(keys.map((each) => client.get(each))),
  ),
  clusterpipe1000: inCluster(
    "cluster of 3, explicit pipeline of 1,000 GET",
    (client) => client.pipeline?.(keys) ?? Promise.resolve(),
    (client) => client.pipeline !== null,
  ),
  pool64: {
    title: `GET by ${callers} callers, pool of ${poolSize} connections`,
    unit: "ops/s",
    better: "more",
    goal: noGoal,
    slow: true,
    measure: async ({ connectPool }, task) => {
      if (connectPool === undefined) return null;
      const pool = await connectPool(task.endpoint, poolSize);
      return measureLoad(
        inFlight<typeof pool>(callers, (asked, key) => asked.get(key)),
        pool,
        task,
      );
    },
    measureRaw: (task) =>
      measureRawLines(
        Array.from({ length: poolSize }, () => ({
          endpoint: task.endpoint,
          words: ["GET", keys[0] as string],
          window: 1,
        })),
        task,
      ),
  },
};

import type { BenchClient, Contender } from "../clients/contender.ts";
import type { Measurement, Task } from "../measurement.ts";
import { measureLoad } from "../probes/load.ts";
import { measureRaw, type RawLoad } from "../probes/raw.ts";
import type { Goal, Shape } from "./shape.ts";
import type { Workload } from "./workload.ts";

/** A shape of which is told how many commands a second go through. */
export interface LoadRow {
  readonly title: string;
  readonly workload: Workload;
  /** Over one bare socket, or in a way of its own. */
  readonly raw: RawLoad | ((task: Task) => Promise<Measurement>);
  /** Ratios over TLS to the best peer and to the bare socket, and over plain TCP to the best peer. Default: none. */
  readonly goal?: Goal & { readonly tcp?: number };
  /** Whether a client can do it at all. Default: yes. */
  readonly can?: (client: BenchClient) => boolean;
  /** Default: one client of one server. */
  readonly connect?: (contender: Contender, task: Task) => Promise<BenchClient> | undefined;
}

const oneServer = ({ connect }: Contender, { endpoint }: Task): Promise<BenchClient> => connect(endpoint);

/** The shape of a row. */
export function load({
  title,
  workload,
  raw,
  goal = {},
  can = () => true,
  connect = oneServer,
}: LoadRow): Shape {
  const { tcp, ...tls } = goal;
  return {
    title,
    unit: "ops/s",
    better: "more",
    goal: { tls, tcp: tcp === undefined ? {} : { peer: tcp } },
    measure: async (contender, task) => {
      const client = await connect(contender, task);
      if (client === undefined) return null;
      if (can(client)) return measureLoad(workload, client, task);
      await client.close();
      return null;
    },
    measureRaw: typeof raw === "function" ? raw : (task) => measureRaw(raw, task),
  };
}

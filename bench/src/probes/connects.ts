import type { Contender } from "../clients/contender.ts";
import type { Measurement, Task } from "../measurement.ts";
import { measureTask } from "./load.ts";

/** Connections per second, one after the other: opened, verified, logged in, closed. */
export function measureConnects({ connect }: Contender, task: Task): Promise<Measurement> {
  return measureTask(async (tally) => {
    while (!tally.stop) {
      const start = performance.now();
      const client = await connect(task.endpoint);
      tally.latencies?.push(performance.now() - start);
      tally.ops++;
      await client.close();
    }
  }, task);
}

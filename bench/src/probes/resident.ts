import type { Contender } from "../clients/contender.ts";
import type { Measurement, Task } from "../measurement.ts";
import { giantLength } from "../shapes/dataset.ts";
import { ofLength } from "../shapes/workload.ts";
import { CountingSocket, encode } from "./counting-socket.ts";

/** How many values of 16 MiB pass, one after the other: up to 3.1 GiB, so what is kept would be seen. */
const values = { full: 200, sparing: 40 };

const count = ({ sparing }: Task): number => (sparing ? values.sparing : values.full);

/** The largest resident size of this process, MiB, that reading and dropping large values led to. */
export async function measureResident({ connect }: Contender, task: Task): Promise<Measurement> {
  const client = await connect(task.endpoint);
  for (let i = count(task); i > 0; i--) await ofLength(giantLength, client.getBuffer("giant"));
  await client.close();
  return { value: largest() };
}

/** {@link measureResident} of a bare socket that drops what comes. */
export async function measureRawResident(task: Task): Promise<Measurement> {
  const wire = await CountingSocket.open(task.endpoint);
  const get = encode(["GET", "giant"]);
  for (let i = count(task); i > 0; i--) await wire.exchange(get, giantLength);
  wire.socket.destroy();
  return { value: largest() };
}

const largest = (): number => process.resourceUsage().maxRSS / 1024;

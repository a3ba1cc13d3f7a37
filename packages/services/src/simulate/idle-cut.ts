import { join } from "node:path";
import { readIfThere } from "../state/disk.ts";
import {
  type CheckedOptions,
  openDoorAgain,
  portOf,
  type RunningSimulation,
  type SimulationHost,
} from "./host.ts";

/**
 * Opens a door of its own to the service, where connections end after some silence, whatever they wait for: subscribers and blocked
 * commands as well, as at Azure's (10 minutes, not to be changed) and other load balancers.
 *
 * Options: `after`, ms.
 */
export async function startIdleCut(
  host: SimulationHost,
  folder: string,
  options: CheckedOptions,
): Promise<RunningSimulation> {
  const file = join(folder, "idle-cut.json");
  const text = await readIfThere(file);
  const { port } = text === null ? { port: 0 } : (JSON.parse(text) as { port: number });
  const door = await openDoorAgain(host, { port, idleLimit: options["after"] as number });
  const found = portOf(door.address);
  try {
    if (found !== port) await host.disk.write(file, JSON.stringify({ port: found }));
  } catch (error) {
    await door.stop(0);
    throw error;
  }
  const caFile = encodeURIComponent(host.caFile).replaceAll("%2F", "/");
  return {
    facts: { uri: `rediss://localhost:${found}?sslrootcert=${caFile}`, port: found },
    stop: async () => {
      await door.stop(0);
    },
  };
}

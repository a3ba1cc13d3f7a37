import { setTimeout as delay } from "node:timers/promises";
import type { CheckedOptions, RunningSimulation, SimulationHost } from "./host.ts";

/** Does something now, and with the option `every` (ms) again and again until it is stopped. */
async function startRepetition(
  host: SimulationHost,
  every: number,
  what: string,
  work: () => Promise<void>,
): Promise<RunningSimulation> {
  await work();
  const at = new Date().toISOString();
  if (every === 0) return { facts: { done: at }, over: Promise.resolve(), stop: () => Promise.resolve() };
  const end = new AbortController();
  const { signal } = end;
  const going = (async () => {
    while (!signal.aborted) {
      await delay(every, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await work().catch((error: Error) => host.context.say(`${what} failed: ${error.message}`));
    }
  })();
  return {
    facts: { first: at },
    stop: async () => {
      end.abort();
      await going;
    },
  };
}

/** Has a replica become the primary: once, or every so often. Option: `every`, ms, 0 for once. */
export const startFailover = (host: SimulationHost, _folder: string, options: CheckedOptions) =>
  startRepetition(host, options["every"] as number, "A failover", () => host.failOver());

/** Serves a new certificate: once, or every so often. Option: `every`, ms, 0 for once. */
export const startCertificateRotation = (host: SimulationHost, _folder: string, options: CheckedOptions) =>
  startRepetition(host, options["every"] as number, "A rotation of the certificate", () =>
    host.rotateCertificate(),
  );

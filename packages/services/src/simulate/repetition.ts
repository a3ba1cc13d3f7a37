import { setTimeout as delay } from "node:timers/promises";
import type { RunningSimulation, SimulationHost, StartSimulation } from "./host.ts";

/** Does something now, and with the option `every` (ms) again and again until it is stopped. */
async function startRepetition(
  host: SimulationHost,
  every: number,
  what: string,
  work: () => Promise<void>,
  isResumed: boolean,
): Promise<RunningSimulation> {
  // A keeper that begins has other things to do first.
  if (!isResumed) await work();
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
export const startFailover: StartSimulation = (host, _folder, options, isResumed) =>
  startRepetition(host, options["every"] as number, "A failover", () => host.failOver(), isResumed);

/** Serves a new certificate: once, or every so often. Option: `every`, ms, 0 for once. */
export const startCertificateRotation: StartSimulation = (host, _folder, options, isResumed) =>
  startRepetition(
    host,
    options["every"] as number,
    "A rotation of the certificate",
    () => host.rotateCertificate(),
    isResumed,
  );

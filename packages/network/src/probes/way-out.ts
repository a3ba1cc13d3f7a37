import { requiredEndpoints } from "../tables/endpoints.ts";
import { askSystem } from "./answer.ts";
import { inParallel } from "./deadline.ts";
import { type PortProbe, probePort } from "./port-probe.ts";

/** Whether a host that a cache depends on can be reached from here. */
export interface WayOut {
  readonly host: string;
  readonly port: number;
  readonly purpose: string;
  /** What a rule can name it by; `null` where there is none. */
  readonly serviceTag: string | null;
  /** `null` where the name could not be resolved. */
  readonly probe: PortProbe | null;
}

/** Names with a star stand for hosts that only the cache knows: they cannot be dialled. */
export const dialledDependencies: readonly (typeof requiredEndpoints)[number][] = requiredEndpoints.filter(
  ({ host }) => !host.startsWith("*"),
);

/** Dials everything that a cache inside a virtual network depends on, and that has a full name. */
export function probeWaysOut(timeout: number): Promise<WayOut[]> {
  const flows = dialledDependencies.flatMap(({ host, ports, purpose, serviceTag }) =>
    ports.map((port) => ({ host, port, purpose, serviceTag })),
  );
  return inParallel(flows, 16, async (flow) => {
    const { addresses } = await askSystem(flow.host, timeout);
    const [ip] = addresses;
    return { ...flow, probe: ip === undefined ? null : await probePort(ip, flow.port, timeout) };
  });
}

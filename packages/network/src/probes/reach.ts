import type { Provider } from "@redoubt/client/config";
import { inParallel } from "./deadline.ts";
import { type PortProbe, probePort, probeSpeech } from "./port-probe.ts";
import { type Way, wayTo } from "./way.ts";

/** How one address of an endpoint can be reached. */
export interface Reach {
  readonly ip: string;
  readonly port: number;
  readonly way: Way;
  /** The port that is dialled. */
  readonly dialled: PortProbe;
  /** Ports around; empty where they were not looked at. */
  readonly around: readonly PortProbe[];
}

/** Ports on which Redis is served by those who serve it: plain, TLS, Azure's, and the first nodes of Azure's clusters. */
export const usualPorts: readonly number[] = [6379, 6380, 10_000, 8500, 8501, 13_000, 13_001, 15_000, 15_001];

/** What {@link reachOf} is told. */
export interface ReachOptions {
  readonly provider: Provider | null;
  /** Whether ports around are looked at, too. */
  readonly around: boolean;
  /** ms */
  readonly timeout: number;
}

/** Dials the port of an address, and ports around, at once. */
export async function reachOf(
  ip: string,
  port: number,
  { provider, around, timeout }: ReachOptions,
): Promise<Reach> {
  const own = [provider?.tlsPort, provider?.plainPort].filter((one) => typeof one === "number");
  const others = [...new Set([...own, ...usualPorts, port - 1, port + 1])].filter(
    (other) => around && other !== port && other > 0 && other < 65_536,
  );
  const [way, dialled, ...found] = await Promise.all([
    wayTo(ip),
    around ? probeSpeech(ip, port, timeout) : probePort(ip, port, timeout),
    ...others.map((other) => probeSpeech(ip, other, timeout)),
  ]);
  return { ip, port, way, dialled, around: found };
}

/** {@link reachOf} of several addresses. */
export function reachAll(ips: readonly string[], port: number, options: ReachOptions): Promise<Reach[]> {
  return inParallel(ips.slice(0, 16), 8, (ip) => reachOf(ip, port, options));
}

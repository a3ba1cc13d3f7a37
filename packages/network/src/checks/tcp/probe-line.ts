import { hostAndPort } from "../../probes/endpoint-name.ts";
import type { PortProbe } from "../../probes/port-probe.ts";
import type { Reach } from "../../probes/reach.ts";

const states: Readonly<Record<PortProbe["state"], string>> = {
  open: "open",
  refused: "refused",
  silent: "no answer",
  unreachable: "unreachable",
  reset: "reset",
  failed: "an error",
};

/** `10.0.0.4:6380: no answer` */
export function probeLine({ ip, port, state, errno, speaks }: PortProbe): string {
  const what =
    speaks === null || speaks === "unknown"
      ? ""
      : `, speaks ${speaks === "tls" ? "TLS" : speaks === "redis" ? "plain Redis" : "HTTP"}`;
  return `${hostAndPort(ip, port)}: ${states[state]}${what}${state === "failed" && errno !== null ? ` (${errno})` : ""}`;
}

/** Every port that was looked at, the dialled one first. */
export function reachLines({ dialled, around, way }: Reach): string[] {
  return [...[dialled, ...around].map(probeLine), wayLine(way)];
}

/** `packets to 10.0.0.4 leave from 10.0.2.5 on eth0 through 10.0.2.1` */
export function wayLine({ ip, source, device, gateway }: Reach["way"]): string {
  if (source === null) return `this machine has no route to ${ip}`;
  return `packets to ${ip} leave from ${source}${device === null ? "" : ` on ${device}`}${gateway === null ? "" : ` through ${gateway}`}`;
}

import type { Target } from "@redoubt/client";
import type { EndpointEvidence } from "../../probes/evidence.ts";
import type { PortProbe } from "../../probes/port-probe.ts";
import { probeLine } from "./probe-line.ts";

/** Ports of single nodes: where these are open the entrance is somewhere else. */
const ofNodes = /^(?:13|15)\d{3}$|^85\d{2}$/;

/** Ports around on which the entrance may be: they speak what is looked for. */
export function entrances({ reach }: EndpointEvidence, speaks: "tls" | "redis"): PortProbe[] {
  return reach.flatMap(({ around }) =>
    around.filter(
      (probe) => probe.state === "open" && probe.speaks === speaks && !ofNodes.test(String(probe.port)),
    ),
  );
}

/** What was dialled in vain, and the port around that would do instead. */
export interface OtherPort {
  readonly one: EndpointEvidence;
  readonly best: PortProbe;
}

/** Both, in lines. */
export function otherPortLines({ one, best }: OtherPort): string[] {
  return [...one.reach.map(({ dialled }) => probeLine(dialled)), probeLine(best)];
}

/** What a target wants to speak. */
export function wanted({ tls }: Target): "tls" | "redis" {
  return tls.enabled ? "tls" : "redis";
}

import type { ErrorCode } from "@redoubt/client";
import type { EndpointEvidence, Evidence } from "../probes/evidence.ts";
import type { PortProbe, PortState } from "../probes/port-probe.ts";

/** Endpoints that could not be dialled, for one of these reasons. */
export function failedWith({ endpoints }: Evidence, ...codes: readonly ErrorCode[]): EndpointEvidence[] {
  return endpoints.filter(({ dialling: { error } }) => error !== null && codes.includes(error.code));
}

/** The errors' own words, each once. */
export function said(endpoints: readonly EndpointEvidence[]): string[] {
  return [
    ...new Set(endpoints.flatMap(({ dialling: { error } }) => (error === null ? [] : [error.message]))),
  ];
}

/** Endpoints of which no address could be connected to, because of that. */
export function stoppedBy(evidence: Evidence, ...states: readonly PortState[]): EndpointEvidence[] {
  return failedWith(
    evidence,
    "TCP_REFUSED",
    "TCP_TIMEOUT",
    "TCP_UNREACHABLE",
    "TCP_RESET",
    "TCP_FAILED",
  ).filter(({ reach }) => reach.length > 0 && reach.every(({ dialled }) => states.includes(dialled.state)));
}

/** Ports around that gave a sign of life: a host that refuses is there. */
export function aliveAround({ reach }: EndpointEvidence): PortProbe[] {
  return reach.flatMap(({ around }) => around.filter(({ state }) => state === "open" || state === "refused"));
}

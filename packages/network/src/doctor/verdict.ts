import type { ErrorCode } from "@redoubt/client";
import type { DoctorFinding } from "../checks/finding.ts";
import { hostAndPort } from "../probes/endpoint-name.ts";
import type { Evidence } from "../probes/evidence.ts";
import type { DoctorVerdict } from "./result.ts";

const states: Readonly<Record<string, DoctorVerdict["state"]>> = {
  DNS: "unreachable",
  TCP: "unreachable",
  TIMEOUT: "unreachable",
  TOPOLOGY: "unreachable",
  TLS: "tls",
  AUTH: "authentication",
};

/** Says in one word and one sentence how it stands. */
export function verdictOf(evidence: Evidence, findings: readonly DoctorFinding[]): DoctorVerdict {
  const error = failureOf(evidence);
  const [first] = findings.filter(({ severity }) => severity !== "info");
  const cause = first?.id ?? null;
  if (error !== null)
    return {
      state: states[error.slice(0, error.indexOf("_"))] ?? "failure",
      connected: false,
      cause,
      summary:
        first === undefined
          ? `It does not connect: ${error}.`
          : `It does not connect. ${first.title}.${fixOf(first)}`,
    };
  if (first === undefined)
    return {
      state: "healthy",
      connected: true,
      cause: null,
      summary: "It connects, and there is nothing to mend.",
    };
  return {
    state: "findings",
    connected: true,
    cause,
    summary: `It connects. ${first.title}.${fixOf(first)}`,
  };
}

function fixOf({ fixes }: DoctorFinding): string {
  return fixes[0] === undefined ? "" : ` ${fixes[0].says}`;
}

/** Why a client cannot connect; `null` where it can. It tries endpoints one after the other, so that one is enough. */
function failureOf({ target, endpoints, nodes }: Evidence): ErrorCode | null {
  const works = endpoints.some(({ dialling }) => dialling.error === null);
  if (!works) return endpoints[0]?.dialling.error?.code ?? "CONFIG_NO_ENDPOINT";
  if (target.sentinel === null) return null;
  const masters = endpoints.flatMap(({ sentinel }) => (sentinel?.master == null ? [] : [sentinel.master]));
  if (masters.length === 0) return "TOPOLOGY_MASTER_UNKNOWN";
  const names = masters.map(({ host, port }) => hostAndPort(host, port));
  const reached = nodes.filter(({ node }) => names.includes(hostAndPort(node.host, node.port)));
  return reached.some(({ error }) => error === null)
    ? null
    : (reached[0]?.error?.code ?? "TOPOLOGY_UNREACHABLE");
}

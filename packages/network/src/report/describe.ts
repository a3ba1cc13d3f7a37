import type { Finding } from "../findings/finding.ts";
import type { FlowVerdict } from "../judge/flow.ts";
import type { Missing, Verdict } from "../judge/verdict.ts";
import type { NetworkReport } from "./check.ts";

/** A flow for `--json`. */
export interface FlowDescription {
  readonly id: string;
  readonly row: string;
  readonly direction: string;
  readonly protocol: string;
  readonly ports: string;
  readonly remote: string;
  readonly purpose: string;
  /** Whether the cache works without it. */
  readonly optional: boolean;
  readonly verdict: Verdict;
  readonly partly: boolean;
  readonly steps: readonly {
    readonly kind: string;
    readonly at: string;
    readonly rule: string | null;
    readonly verdict: Verdict;
    readonly says: string;
  }[];
}

/** A check for `--json`; keys stay as they are. */
export interface ReportDescription {
  readonly read: NetworkReport["exports"]["read"];
  readonly notes: NetworkReport["exports"]["notes"];
  readonly summary: Readonly<Record<"allowed" | "denied" | "cannotTell", number>>;
  readonly caches: readonly {
    readonly name: string;
    readonly id: string;
    readonly flows: readonly FlowDescription[];
  }[];
  readonly findings: readonly Finding[];
  readonly missing: readonly Missing[];
}

/** Describes a check as plain data. */
export function describeReport({ exports, judgement, findings }: NetworkReport): ReportDescription {
  const all = judgement.caches.flatMap(({ flows }) => flows);
  const count = (verdict: Verdict) => all.filter((flow) => flow.verdict === verdict).length;
  return {
    read: exports.read,
    notes: exports.notes,
    summary: { allowed: count("allowed"), denied: count("denied"), cannotTell: count("cannot tell") },
    caches: judgement.caches.map(({ cache, flows }) => ({
      name: cache.name,
      id: cache.id,
      flows: flows.map(describeFlow),
    })),
    findings,
    missing: judgement.missing,
  };
}

/** Describes one flow as plain data. */
export function describeFlow({ flow, verdict, partly, steps }: FlowVerdict): FlowDescription {
  const { id, row, direction, protocol, ports, remoteName, purpose, optional } = flow;
  return {
    id,
    row,
    direction,
    protocol,
    ports: ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`,
    remote: remoteName,
    purpose,
    optional,
    verdict,
    partly,
    steps: steps.map(({ kind, at, rule, verdict: said, says }) => ({ kind, at, rule, verdict: said, says })),
  };
}

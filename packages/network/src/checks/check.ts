import type { Evidence } from "../probes/evidence.ts";
import type { DoctorFinding, DoctorFix } from "./finding.ts";
import { type CheckId, checkRows, type DoctorSeverity } from "./rows.ts";

/** What a check has found. */
export interface Found {
  /** What was seen, a line each. Never a secret. */
  readonly evidence: readonly string[];
  /** Default: what the row says. */
  readonly fixes?: readonly DoctorFix[];
  /** Default: the row's. */
  readonly severity?: DoctorSeverity;
  /** Default: the row's. */
  readonly likelihood?: number;
}

/** Looks at evidence for one thing that may be wrong. It does no I/O. */
export interface Check {
  readonly id: CheckId;
  readonly find: (evidence: Evidence) => Found | null;
}

/** Makes a finding of what a check has found. */
export function findingOf(id: CheckId, found: Found): DoctorFinding {
  const { area, severity, likelihood, title, fix } = checkRows[id];
  return {
    id,
    area,
    severity: found.severity ?? severity,
    title,
    likelihood: found.likelihood ?? likelihood,
    evidence: found.evidence,
    fixes: found.fixes ?? [{ says: fix, command: null, before: null, after: null }],
    page: `doctor/${id}.md`,
  };
}

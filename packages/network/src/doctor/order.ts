import { checks } from "../checks/all.ts";
import { findingOf } from "../checks/check.ts";
import type { DoctorFinding } from "../checks/finding.ts";
import { type Area, areas } from "../checks/rows.ts";
import type { Evidence } from "../probes/evidence.ts";

const grave = { error: 0, warning: 1, info: 2 };

/** Runs every check. The gravest first, of these the likeliest, of these the earliest in a connection's life. */
export function findingsOf(evidence: Evidence): DoctorFinding[] {
  const found = checks.flatMap(({ id, find }) => {
    const one = find(evidence);
    return one === null ? [] : [findingOf(id, one)];
  });
  const explained = found.some(({ id, severity }) => severity === "error" && id !== "other-failure");
  return found
    .filter(({ id }) => id !== "other-failure" || !explained)
    .map((finding) => softened(finding, evidence))
    .toSorted(
      (a, b) =>
        grave[a.severity] - grave[b.severity] ||
        b.likelihood - a.likelihood ||
        areas.indexOf(a.area) - areas.indexOf(b.area),
    );
}

/** Where another endpoint lets clients in, what keeps them from this one is no more than a warning. */
function softened(finding: DoctorFinding, { endpoints }: Evidence): DoctorFinding {
  const works = endpoints.some(({ dialling }) => dialling.error === null);
  const ofDialling: readonly Area[] = ["dns", "tcp", "tls", "auth"];
  const isOfDialling = ofDialling.includes(finding.area) || finding.id === "other-failure";
  return works && finding.severity === "error" && isOfDialling
    ? { ...finding, severity: "warning" }
    : finding;
}

/** What becomes of a flow, or of a step of it. */
export type Verdict = "allowed" | "denied" | "cannot tell";

/** What to export, so that more can be told. */
export interface Missing {
  /** What it is, for example `network security group redis-nsg`. */
  readonly what: string;
  /** What cannot be told without it. */
  readonly why: string;
  /** The `az` command whose output is wanted. */
  readonly command: string;
}

/** One thing on the way that lets a flow through or not. */
export interface Step {
  readonly kind: "nsg" | "route" | "peering" | "endpoint" | "dns";
  /** Where: the name of the group, the table or the network; empty for none. */
  readonly at: string;
  /** The id of the resource that decides, `null` for what Azure does by itself. */
  readonly resource: string | null;
  /** The rule or route that decides, `null` for none. */
  readonly rule: string | null;
  readonly verdict: Verdict;
  /** Whether only some of the flow is denied. */
  readonly partly: boolean;
  /** In words: what decides, and for which part. */
  readonly says: string;
  /** Codes of what was noticed, for the findings: `forced-tunnelling`, `route-asymmetric` … */
  readonly signs: readonly string[];
  readonly missing: readonly Missing[];
}

/** The worst of some verdicts: what is denied anywhere is denied. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("denied")) return "denied";
  return verdicts.includes("cannot tell") ? "cannot tell" : "allowed";
}

/** A step with what most steps have not. */
export function step(
  kind: Step["kind"],
  at: string,
  verdict: Verdict,
  says: string,
  more: Partial<Step> = {},
): Step {
  return {
    kind,
    at,
    resource: null,
    rule: null,
    verdict,
    partly: false,
    says,
    signs: [],
    missing: [],
    ...more,
  };
}

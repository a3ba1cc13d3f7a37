import type { TargetDescription } from "@redoubt/client/config";
import type { Stage } from "@redoubt/client/net";
import type { DoctorFinding } from "../checks/finding.ts";
import type { Area } from "../checks/rows.ts";
import type { Latency } from "../probes/latency.ts";

/** A stage of the client's own dial, and of which endpoint. */
export interface DoctorStage extends Stage {
  /** `cache.example.com:6380` */
  readonly endpoint: string;
}

/** Something that was looked at besides dialling. */
export interface Observation {
  readonly area: Area;
  /** What was asked: a resolver, an address and port, a TLS version. */
  readonly subject: string;
  /** What came back, in one line. */
  readonly detail: string;
  /** `null` where it is neither good nor bad. */
  readonly ok: boolean | null;
  /** `null` where time does not matter. */
  readonly ms: number | null;
}

/** How the examination ended. */
export interface DoctorVerdict {
  /**
   * `healthy`: connected, nothing to mend. `findings`: connected, and there is something to mend. The others say where
   * connecting ends, in the words of the exit codes.
   */
  readonly state: "healthy" | "findings" | "unreachable" | "tls" | "authentication" | "failure";
  /** Whether a client can connect to every endpoint and log in. */
  readonly connected: boolean;
  /** The id of the likeliest cause; `null` where there is nothing to mend. */
  readonly cause: string | null;
  /** One sentence. */
  readonly summary: string;
}

/** All that one examination found. Plain data: the stable schema of `redoubt doctor --json`. */
export interface DoctorResult {
  /** Password masked. */
  readonly target: TargetDescription;
  /** When it began, ISO 8601. */
  readonly at: string;
  /** How long it took altogether, ms. */
  readonly ms: number;
  readonly stages: readonly DoctorStage[];
  readonly observations: readonly Observation[];
  /** The likeliest cause first: by severity, then by likelihood, then as they come in a connection's life. */
  readonly findings: readonly DoctorFinding[];
  /** `null` where it was not measured. */
  readonly latency: Latency | null;
  readonly verdict: DoctorVerdict;
}

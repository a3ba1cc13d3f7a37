import type { Area, CheckId, DoctorSeverity } from "./rows.ts";

/** Something to do about a finding. */
export interface DoctorFix {
  /** What to do, in words. */
  readonly says: string;
  /** A command that does or shows it; `null` where there is none. */
  readonly command: string | null;
  /** The connection string as it is, in its own dialect, password masked; `null` where it need not change. */
  readonly before: string | null;
  /** The connection string as it should be. */
  readonly after: string | null;
}

/** What the doctor found to be wrong, or good to know. */
export interface DoctorFinding {
  /** Stable: a row of the table of checks, and the name of its page. */
  readonly id: CheckId;
  readonly area: Area;
  readonly severity: DoctorSeverity;
  readonly title: string;
  /** How sure it is that this is the cause, 0 to 1. Findings of one severity are told in this order. */
  readonly likelihood: number;
  /** What was seen, a line each. Never a secret. */
  readonly evidence: readonly string[];
  /** What to do, likeliest first. */
  readonly fixes: readonly DoctorFix[];
  /** Path of its page, below the documentation's root. */
  readonly page: string;
}

/** A fix of words, and perhaps a command. */
export function advice(says: string, command: string | null = null): DoctorFix {
  return { says, command, before: null, after: null };
}

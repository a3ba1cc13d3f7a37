import type { ErrorCode } from "@redoubt/client";
import type { Account } from "./subject/plan.ts";

/** Something that goes wrong, and what callers may notice of it. What they never may is in `verdict.ts`. */
export interface Drill {
  /** For the command line: `stalled-socket`. */
  readonly name: string;
  readonly title: string;
  /** What is done to the servers or the network, in a sentence or two. */
  readonly what: string;
  readonly allowed: Allowance;
  /**
   * Does it.
   * @throws Error when the fault did not come about, or the clients broke
   */
  run(): Promise<Outcome>;
}

/** What callers may notice. */
export interface Allowance {
  /** How long any of them may be without an answer, besides the time that the servers themselves need, ms. */
  readonly recoverMs: number;
  /** The errors that commands may be rejected with. */
  readonly codes: readonly ErrorCode[];
  /** Whether writes that were confirmed may be gone: a primary died before it had told its replicas. */
  readonly lostWrites?: boolean;
}

/** What came of it. */
export interface Outcome {
  readonly account: Account;
  /** How long the servers needed until there was somebody to talk to again, ms. Default 0. */
  readonly serversMs?: number;
  /** What else is worth telling: `{ "slots moved": 120 }`. */
  readonly facts: Readonly<Record<string, string | number>>;
}

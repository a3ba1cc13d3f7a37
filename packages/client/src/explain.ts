import { RedoubtError } from "./errors.ts";

/** A failure in three sentences. */
export interface Explanation {
  /** What happened, where and at which step. */
  readonly what: string;
  /** The likeliest cause. */
  readonly cause: string;
  readonly fix: string;
}

/** Says what a failure means and what to do: for logs, the command line and pages. Never holds a secret. */
export function explain(error: unknown): Explanation {
  if (error instanceof RedoubtError) return { what: error.message, cause: error.likely, fix: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return {
    what: message,
    cause: "This is not one of Redoubt's own errors.",
    fix: "Look at the stack of the error.",
  };
}

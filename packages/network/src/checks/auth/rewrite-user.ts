import type { Target } from "@redoubt/client";
import type { DoctorFix } from "../finding.ts";
import { rewrite } from "../rewrite.ts";

/** The same string with another user. */
export function rewriteUser(target: Target, username: string): DoctorFix {
  return rewrite(
    target,
    { ...target, username },
    `Log in as ${username}, the object id that the token is for.`,
  );
}

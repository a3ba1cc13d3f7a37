import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { rewrite, withTls } from "../rewrite.ts";

/** Plain text was asked for, and TLS is there. */
export const required: Check = {
  id: "tls-required",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_PEER_REQUIRES_TLS");
    if (ill.length === 0) return null;
    return {
      evidence: said(ill),
      fixes: [rewrite(evidence.target, withTls(evidence.target, true), "Ask for TLS.")],
    };
  },
};

import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";

/** A Redis as it comes out of the box, never a managed one. */
export const protectedMode: Check = {
  id: "server-protected",
  find: (evidence) => {
    const ill = failedWith(evidence, "REPLY_PROTECTED_MODE");
    if (ill.length === 0) return null;
    return {
      evidence: said(ill),
      fixes: [
        advice("A managed server never says so: check host and port."),
        advice("At a server of your own set a password, and TLS, rather than switching protected mode off."),
      ],
    };
  },
};

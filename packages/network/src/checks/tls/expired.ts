import type { Check } from "../check.ts";
import { failedWith } from "../failures.ts";
import { advice } from "../finding.ts";
import { chainLines } from "./chain-lines.ts";

/** A certificate of the chain is over. */
export const expired: Check = {
  id: "tls-expired",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_EXPIRED");
    if (ill.length === 0) return null;
    const managed = evidence.provider !== null;
    return {
      evidence: [...chainLines(ill), `this clock says ${new Date(evidence.now).toISOString()}`],
      fixes: managed
        ? [advice("A provider renews by itself: check the clock of this machine first.", "date -u")]
        : [
            advice("Renew the certificate, and let the server read it again."),
            advice("Check the clock of this machine.", "date -u"),
          ],
    };
  },
};

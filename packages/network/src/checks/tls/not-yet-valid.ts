import type { Check } from "../check.ts";
import { failedWith } from "../failures.ts";
import { advice } from "../finding.ts";
import { chainLines } from "./chain-lines.ts";

/** A certificate of the chain has not begun. */
export const notYetValid: Check = {
  id: "tls-not-yet-valid",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_NOT_YET_VALID");
    if (ill.length === 0) return null;
    return {
      evidence: [...chainLines(ill), `this clock says ${new Date(evidence.now).toISOString()}`],
      fixes: [
        advice("Check the clock of this machine.", "date -u"),
        advice("Check the clock of the machine that issued the certificate, and issue it anew."),
      ],
    };
  },
};

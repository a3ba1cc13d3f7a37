import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";
import { reachLines } from "./probe-line.ts";

/** Taken and thrown away. */
export const reset: Check = {
  id: "tcp-reset",
  find: (evidence) => {
    const ill = failedWith(evidence, "TCP_RESET");
    if (ill.length === 0) return null;
    return {
      evidence: [...said(ill), ...ill.flatMap(({ reach }) => reach.flatMap(reachLines))],
      fixes: [
        advice("Look for a proxy or firewall that takes connections in the server's place."),
        advice("See whether the server lets this address in: firewall rules, public access."),
      ],
    };
  },
};

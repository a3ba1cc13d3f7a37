import type { Check } from "../check.ts";
import { failedWith } from "../failures.ts";
import { advice } from "../finding.ts";
import { chainLines } from "./chain-lines.ts";

/** Revoked, of the wrong purpose, damaged, or with another key than the pinned one. */
export const chainInvalid: Check = {
  id: "tls-chain-invalid",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_CHAIN_INVALID", "TLS_REVOKED", "TLS_PIN_MISMATCH");
    if (ill.length === 0) return null;
    return {
      evidence: chainLines(ill),
      fixes: ill.flatMap(({ dialling }) => (dialling.error === null ? [] : [advice(dialling.error.hint)])),
    };
  },
};

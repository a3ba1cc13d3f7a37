import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";

/** The lists of ciphers have nothing in common. */
export const cipher: Check = {
  id: "tls-cipher",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_NO_COMMON_CIPHER");
    if (ill.length === 0) return null;
    const { ciphers } = evidence.target.tls;
    return {
      evidence: [
        ...said(ill),
        ciphers === null ? "this side offers what Node does by default" : `this side offers ${ciphers}`,
      ],
      fixes: [
        advice(
          ciphers === null
            ? "Widen tls-ciphers and tls-ciphersuites on the server."
            : "Leave the list of ciphers out of the string.",
        ),
      ],
    };
  },
};

import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";

/** The other side hangs up while hands are shaken. */
export const closed: Check = {
  id: "tls-closed",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_CLOSED", "TLS_FAILED").filter(
      ({ reach }) => !reach.some(({ dialled }) => dialled.speaks === "http"),
    );
    if (ill.length === 0) return null;
    const byName = ill.some(({ tls }) => tls?.nameless?.failure === null && tls.handshake.failure !== null);
    return {
      evidence: [
        ...said(ill),
        ...(byName ? ["without a name (SNI) the handshake works: somebody in between picks by name"] : []),
      ],
      fixes: [
        advice(
          byName
            ? "Send the name that the proxy in between knows: servername=…."
            : "Look for a proxy or firewall that does not let this name (SNI) through.",
        ),
        advice(
          "See whether the server has a connection left (maxclients): with TLS it hangs up without a word.",
        ),
        advice("Check that this is the TLS port of a Redis."),
      ],
    };
  },
};

import type { Check } from "../check.ts";
import { failedWith } from "../failures.ts";
import { advice } from "../finding.ts";
import { chainLines } from "./chain-lines.ts";

/** Only the leaf came, and its issuer is not among the trusted. */
export const intermediateMissing: Check = {
  id: "tls-intermediate-missing",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_ISSUER_UNKNOWN").filter(
      ({ tls }) => tls?.handshake.chain.length === 1,
    );
    if (ill.length === 0) return null;
    const urls = ill.flatMap(({ tls }) => tls?.handshake.chain[0]?.issuerUrls ?? []);
    // Public authorities say where their certificate lies; a leaf without that may as well come from a private one.
    return {
      ...(urls.length === 0 && { likelihood: 0.6 }),
      evidence: [
        ...chainLines(ill),
        "the server sent one certificate, and no other",
        ...urls.map((url) => `the issuer's certificate lies at ${url}`),
      ],
      fixes: [
        advice("Let the server send its intermediates: in the certificate file they stand behind the leaf."),
        advice("Until then give the intermediate as authority: sslrootcert=intermediate.pem."),
      ],
    };
  },
};

import type { Check } from "../check.ts";
import { failedWith } from "../failures.ts";
import { advice } from "../finding.ts";
import { chainLines } from "./chain-lines.ts";

const sources: Readonly<Record<string, string>> = {
  aiven: "Download the CA certificate of the project from Aiven's console.",
  "redis-cloud": "Download the CA certificate from the Redis Cloud console.",
};

/** A private authority that was not given. */
export const authorityUnknown: Check = {
  id: "tls-authority-unknown",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_UNTRUSTED", "TLS_ISSUER_UNKNOWN");
    if (ill.length === 0) return null;
    const { caFile } = evidence.target.tls;
    const source = sources[evidence.provider?.name ?? ""];
    return {
      evidence: [
        ...chainLines(ill),
        caFile === null ? "trusted are the authorities that Node knows" : `trusted is what ${caFile} holds`,
      ],
      fixes: [
        advice(
          `${source === undefined ? "Get the certificate of the authority from whoever runs the server." : source} Give it as sslrootcert=ca.pem, or sslrootcert=system where the system trusts it.`,
        ),
        advice(
          "Look at the chain yourself.",
          "openssl s_client -connect HOST:PORT -servername HOST -showcerts",
        ),
      ],
    };
  },
};

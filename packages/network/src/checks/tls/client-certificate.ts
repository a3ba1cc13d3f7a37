import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";

/** Mutual TLS. */
export const clientCertificate: Check = {
  id: "tls-client-certificate",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_CLIENT_CERTIFICATE_REQUIRED", "TLS_CLIENT_CERTIFICATE_REJECTED");
    const [first] = ill;
    if (first === undefined) return null;
    const rejected = first.dialling.error?.code === "TLS_CLIENT_CERTIFICATE_REJECTED";
    return {
      evidence: said(ill),
      fixes: [
        rejected
          ? advice(
              "Give a certificate that is valid and comes from an authority that the server knows.",
              "openssl x509 -in client.pem -noout -issuer -dates",
            )
          : advice(
              "Give a certificate and its key: sslcert=client.pem and sslkey=client.key, --cert and --key.",
            ),
      ],
    };
  },
};

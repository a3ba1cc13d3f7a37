import type { EndpointEvidence } from "../../probes/evidence.ts";
import type { Check } from "../check.ts";
import { advice } from "../finding.ts";
import { chainLines } from "./chain-lines.ts";

/** Names of products that open TLS, as they stand in the certificates that they make. */
const inspectors =
  /zscaler|fortinet|fortigate|palo ?alto|blue ?coat|symantec web security|netskope|sophos|umbrella|check ?point|mcafee web|skyhigh|forcepoint|websense|barracuda|watchguard|sonicwall|untangle|squid|mitmproxy|charles proxy|portswigger|fiddler|kaspersky|eset ssl|avast|bitdefender|menlo security|iboss|cato networks/i;

/** Who issues the certificates of a provider. Providers with private authorities or customers' own choice are not here. */
const issuers: Readonly<Record<string, RegExp>> = {
  "azure-cache": /microsoft|digicert/i,
  "azure-managed-redis": /microsoft|digicert/i,
  elasticache: /amazon|starfield/i,
};

/** Somebody in between shows a certificate of its own. */
export const inspected: Check = {
  id: "tls-inspected",
  find: ({ endpoints, provider }) => {
    const expected = provider === null ? undefined : issuers[provider.name];
    const named = endpoints.filter((one) => inspectors.test(issuerText(one)));
    // A certificate that is not trusted and comes from nobody whom the provider works with.
    const strange = endpoints.filter(
      (one) =>
        expected !== undefined &&
        one.tls !== null &&
        one.tls.handshake.chainError !== null &&
        issuerText(one) !== "" &&
        !expected.test(issuerText(one)),
    );
    const ill = named.length > 0 ? named : strange;
    if (ill.length === 0) return null;
    const trusted = ill.every(({ dialling }) => dialling.error === null);
    return {
      ...(trusted && { severity: "warning" as const }),
      ...(named.length === 0 && { likelihood: 0.88 }),
      evidence: chainLines(ill),
      fixes: [
        advice("Exempt the host from TLS inspection: whoever opens it reads the password."),
        advice(
          "Where inspection is meant to be: trust its authority here (sslrootcert=…), and know that it reads everything.",
        ),
      ],
    };
  },
};

function issuerText({ tls }: EndpointEvidence): string {
  return tls?.handshake.chain.map(({ issuer }) => issuer).join(" ") ?? "";
}

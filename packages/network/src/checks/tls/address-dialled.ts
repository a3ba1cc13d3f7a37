import { isIP } from "node:net";
import type { EndpointEvidence } from "../../probes/evidence.ts";
import type { Check } from "../check.ts";
import { rewrite, withEndpoint, withName } from "../rewrite.ts";
import { chainLines } from "./chain-lines.ts";

/** The remote certificate is invalid, because an address was dialled. */
export const addressDialled: Check = {
  id: "tls-address-dialled",
  find: (evidence) => {
    const { target } = evidence;
    const ill = evidence.endpoints.filter(isIll);
    const [first] = ill;
    if (first === undefined) return null;
    const { endpoint } = first.dialling;
    const name = nameFor(first);
    return {
      evidence: chainLines(ill),
      fixes: [
        rewrite(
          target,
          withEndpoint(withName(target, null), endpoint, { host: name }),
          `Dial ${name} instead of ${endpoint.host}.`,
        ),
        rewrite(
          target,
          withName(target, name),
          `Where DNS cannot be mended: say which name to verify, ${name}.`,
        ),
      ],
    };
  },
};

/** Chain problems are told before name problems, so the handshake is asked as well. */
function isIll({ dialling: { endpoint, error }, tls }: EndpointEvidence): boolean {
  if (isIP(endpoint.host) === 0 || error === null) return false;
  return error.code === "TLS_NAME_MISMATCH" && (tls?.handshake.chain[0]?.names.length ?? 0) > 0;
}

/** The first DNS name of the certificate; a star in it is the name of the cache, which only its owner knows. */
function nameFor({ tls }: EndpointEvidence): string {
  const names = tls?.handshake.chain[0]?.names.filter((name) => isIP(name) === 0) ?? [];
  const plain = names.find((name) => !name.startsWith("*."));
  return plain ?? names[0]?.replace(/^\*/, "YOUR-CACHE") ?? "YOUR-CACHE";
}

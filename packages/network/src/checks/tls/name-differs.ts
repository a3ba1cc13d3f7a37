import { isIP } from "node:net";
import { isPrivateLinkName } from "../azure.ts";
import type { Check } from "../check.ts";
import { failedWith } from "../failures.ts";
import { advice } from "../finding.ts";
import { rewrite, withName } from "../rewrite.ts";
import { chainLines } from "./chain-lines.ts";

/** A good certificate of somebody else: an alias was dialled, or another server. */
export const nameDiffers: Check = {
  id: "tls-name-differs",
  find: (evidence) => {
    const { target } = evidence;
    const ill = failedWith(evidence, "TLS_NAME_MISMATCH").filter(
      ({ dialling: { endpoint } }) =>
        (isIP(endpoint.host) === 0 && !isPrivateLinkName(endpoint.host)) || target.tls.servername !== null,
    );
    const [first] = ill;
    if (first === undefined) return null;
    const names = first.tls?.handshake.chain[0]?.names ?? [];
    const [name] = names.filter((one) => !one.startsWith("*."));
    const { host } = first.dialling.endpoint;
    const isLocal = /^(?:localhost|127\.)/.test(host);
    return {
      evidence: chainLines(ill),
      fixes: [
        ...(name === undefined
          ? []
          : [
              rewrite(
                target,
                withName(target, name),
                `Verify the name ${name}, where that is the server you mean.`,
              ),
            ]),
        advice(
          isLocal
            ? "Through a tunnel or a forwarded port, the name of the far end is the one to verify."
            : `Dial one of ${names.join(", ") || "the names that it is for"}.`,
        ),
        advice("Where neither is the server you mean, DNS or a proxy leads you astray: give no password."),
      ],
    };
  },
};

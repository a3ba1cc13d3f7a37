import { kindOfAddress } from "../../probes/address-kind.ts";
import type { Check } from "../check.ts";
import { stoppedBy } from "../failures.ts";
import { advice } from "../finding.ts";
import { reachLines } from "./probe-line.ts";

/** A managed cache whose public address does not answer here. */
export const publicAccessOff: Check = {
  id: "tcp-public-access-off",
  find: (evidence) => {
    const { provider } = evidence;
    if (provider === null) return null;
    const ill = stoppedBy(evidence, "silent", "reset", "refused").filter(({ reach }) =>
      reach.every(({ ip }) => kindOfAddress(ip) === "public"),
    );
    if (ill.length === 0) return null;
    const azure = provider.name.startsWith("azure");
    return {
      evidence: ill.flatMap(({ reach }) => reach.flatMap(reachLines)),
      fixes: [
        advice(
          azure
            ? "Dial from a network with a private endpoint, where the name leads to its address."
            : "Dial from inside the provider's network, or allow this address there.",
        ),
        advice(
          "Or let public clients in, and this address through the firewall rules.",
          azure ? "az redis update -g GROUP -n NAME --set publicNetworkAccess=Enabled" : null,
        ),
        advice("See whether this network lets connections to that port out."),
      ],
    };
  },
};

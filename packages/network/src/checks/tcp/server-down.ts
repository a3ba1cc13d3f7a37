import type { Check } from "../check.ts";
import { stoppedBy } from "../failures.ts";
import { advice } from "../finding.ts";
import { reachLines } from "./probe-line.ts";

/** The host answers, and nothing listens. */
export const serverDown: Check = {
  id: "tcp-server-down",
  find: (evidence) => {
    const ill = stoppedBy(evidence, "refused");
    if (ill.length === 0) return null;
    const { provider } = evidence;
    const onAzure = provider?.name === "azure-cache";
    return {
      evidence: ill.flatMap(({ reach }) => reach.flatMap(reachLines)),
      fixes: [
        ...(onAzure
          ? [
              advice(
                "Look at the state of the cache; after a change of ports or routes its nodes come back only when all are rebooted.",
                "az redis force-reboot -g GROUP -n NAME --reboot-type AllNodes",
              ),
              advice(
                "See whether the cache reaches what it depends on: nodes that do not, do not come back.",
                "redoubt network check exports/",
              ),
            ]
          : [advice("Start the server, and see in its log on which address and port it listens.")]),
        advice("Check host and port."),
      ],
    };
  },
};

import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** Slots without a node. */
export const down: Check = {
  id: "cluster-down",
  find: ({ server }) => {
    if (server?.clusterState !== "fail") return null;
    return {
      evidence: ["cluster_state is fail"],
      fixes: [
        advice("See which nodes fail, and start them.", "redis-cli CLUSTER NODES"),
        advice("See whether nodes reach each other on the port of the cluster bus."),
      ],
    };
  },
};

import { type CheckRow, rowOf } from "../row.ts";

const row = rowOf("nodes");

/** Checks of the area `nodes`. */
export const nodesRows = {
  "cluster-nodes-unreachable": row(
    "error",
    0.95,
    "Nodes of the cluster cannot be reached",
    "Allow the ports of the nodes.",
  ),
  "cluster-nodes-unnamed": row(
    "info",
    0.3,
    "Nodes announce addresses that the certificate does not name",
    "Verify nodes by the name of the cluster.",
  ),
  "cluster-down": row("error", 0.9, "The cluster does not serve all slots", "Bring the missing nodes back."),
  "sentinel-silent": row(
    "warning",
    0.5,
    "Sentinels cannot be reached",
    "Start them, or correct their addresses.",
  ),
  "sentinel-master-unknown": row("error", 0.95, "The Sentinels do not know that master", "Correct its name."),
  "sentinel-master-unreachable": row(
    "error",
    0.95,
    "The master that the Sentinels announce cannot be reached",
    "Let Sentinels announce what clients can reach.",
  ),
} as const satisfies Record<string, CheckRow>;

import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** A replica takes reads only. */
export const replica: Check = {
  id: "server-replica",
  find: ({ server, endpoints, target }) => {
    const info = server?.info ?? {};
    const told =
      info["role"] ??
      endpoints.find(({ dialling }) => dialling.report !== null)?.dialling.report?.server.role;
    if (target.sentinel !== null || (told !== "slave" && told !== "replica")) return null;
    const primary = info["master_host"];
    const down = info["master_link_status"] === "down";
    return {
      ...(down && { severity: "error" as const, likelihood: 0.85 }),
      evidence: [
        primary === undefined
          ? "the server says that it is a replica"
          : `it is a replica of ${primary}:${info["master_port"] ?? "?"}`,
        ...(down ? ["and it has lost its primary"] : []),
      ],
      fixes: [
        advice("Dial the primary; in a geo-replicated pair of Azure that is the other cache."),
        ...(down
          ? [
              advice(
                "Between Azure caches that replicate, ports 15000-15999 must be open in both directions.",
              ),
            ]
          : []),
      ],
    };
  },
};

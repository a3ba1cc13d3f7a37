import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";

/** From this share of the limit on it is told. */
const nearly = 0.8;

/** Connections are counted, and they are used up. */
export const clients: Check = {
  id: "server-clients",
  find: (evidence) => {
    const ill = failedWith(evidence, "REPLY_MAX_CLIENTS");
    const { info = {}, config = {} } = evidence.server ?? {};
    const limit = Number(info["maxclients"] ?? config["maxclients"] ?? Number.NaN);
    const connected = Number(info["connected_clients"] ?? Number.NaN);
    const full = limit > 0 && connected >= limit * nearly;
    if (ill.length === 0 && !full) return null;
    return {
      ...(ill.length === 0 && { severity: "warning" as const, likelihood: 0.6 }),
      evidence: [...said(ill), ...(full ? [`${connected} of ${limit} connections are taken`] : [])],
      fixes: [
        advice("Share connections: one client of Redoubt serves a whole program, a tunnel many programs."),
        advice("Look for programs that open connections and forget them.", "redis-cli CLIENT LIST"),
        advice("Raise maxclients, or take a larger size."),
      ],
    };
  },
};

import type { Check } from "../check.ts";
import { said } from "../failures.ts";
import { advice } from "../finding.ts";
import { probeLine } from "../tcp/probe-line.ts";

/** A web server, or a proxy that has taken the place of the server. */
export const http: Check = {
  id: "tls-http",
  find: ({ endpoints }) => {
    const ill = endpoints.filter(
      ({ dialling, reach }) =>
        dialling.error !== null && reach.some(({ dialled }) => dialled.speaks === "http"),
    );
    if (ill.length === 0) return null;
    return {
      evidence: [...said(ill), ...ill.flatMap(({ reach }) => reach.map(({ dialled }) => probeLine(dialled)))],
      fixes: [
        advice("Dial the port of Redis: 6380, or 10000 on Azure Managed Redis, with TLS."),
        advice("Look for a proxy that answers in the server's place."),
      ],
    };
  },
};

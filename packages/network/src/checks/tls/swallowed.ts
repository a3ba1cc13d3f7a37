import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";
import { wayLine } from "../tcp/probe-line.ts";

/** TCP works, and TLS is never answered. */
export const swallowed: Check = {
  id: "tls-swallowed",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_HANDSHAKE_TIMEOUT");
    if (ill.length === 0) return null;
    return {
      evidence: [...said(ill), ...ill.flatMap(({ reach }) => reach.map(({ way }) => wayLine(way)))],
      fixes: [
        advice("Look for a firewall or proxy that takes the connection and swallows what it does not know."),
        advice(
          "Large packets may be lost on the way: try a smaller MTU where a VPN lies in between.",
          "ip link",
        ),
        advice("See whether the server is overloaded or stopped."),
      ],
    };
  },
};

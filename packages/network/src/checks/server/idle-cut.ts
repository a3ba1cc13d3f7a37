import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** What was measured with connections that said nothing. */
export const idleCut: Check = {
  id: "server-idle-cut",
  find: ({ idleCut: measured }) => {
    if (measured?.cutAfter == null) return null;
    const { cutAfter, survived, how } = measured;
    const silently = how === "silently";
    return {
      evidence: [
        silently
          ? `a connection that was silent for ${seconds(cutAfter)} was gone, and nobody had said so`
          : `a silent connection was closed after ${seconds(cutAfter)} (${how})`,
        `the longest silence that one survived was ${seconds(survived)}`,
      ],
      fixes: [
        advice(
          `Send something at least every ${seconds(Math.max(1000, (survived === 0 ? cutAfter : survived) / 2))}: pingInterval of a client of Redoubt.`,
        ),
        ...(silently
          ? [
              advice(
                "A firewall or NAT on the way forgets silent connections: raise its time, or send keep-alives more often.",
              ),
            ]
          : []),
      ],
    };
  },
};

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

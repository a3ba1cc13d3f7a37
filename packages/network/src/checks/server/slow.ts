import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** A median above this is not within one region; a 99th percentile above that has a cause of its own. ms */
const slowMedian = 20;
const slowTail = 100;

/** PING takes long, always or now and then. */
export const slow: Check = {
  id: "server-slow",
  find: ({ latency }) => {
    if (latency === null || (latency.median <= slowMedian && latency.p99 <= slowTail)) return null;
    const far = latency.median > slowMedian;
    return {
      evidence: [
        `of ${latency.samples} PINGs half took more than ${latency.median.toFixed(1)} ms, one in a hundred more than ${latency.p99.toFixed(1)} ms`,
      ],
      fixes: far
        ? [
            advice(
              "Bring program and server into one region; over a VPN or a tunnel every command takes the long way.",
            ),
          ]
        : [
            advice("Look for commands that take long.", "redis-cli SLOWLOG GET 10"),
            advice("Look at the load of server and machine."),
          ],
    };
  },
};

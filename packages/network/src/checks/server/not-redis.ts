import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";

/** What answers HELLO does not speak RESP, or says nothing at all. */
export const notRedis: Check = {
  id: "server-not-redis",
  find: (evidence) => {
    const ill = [
      ...failedWith(evidence, "REPLY_NOT_REDIS", "REPLY_PROTOCOL"),
      ...failedWith(evidence, "TIMEOUT_CONNECT").filter(({ dialling }) => dialling.error?.stage === "auth"),
    ].filter(({ reach }) => !reach.some(({ dialled }) => dialled.speaks === "http"));
    if (ill.length === 0) return null;
    return {
      evidence: said(ill),
      fixes: [
        advice("Check host and port: another program listens there."),
        advice("Where it is Redis, it hangs: look at its log and load."),
      ],
    };
  },
};

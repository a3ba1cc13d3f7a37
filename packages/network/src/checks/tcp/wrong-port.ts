import type { Check } from "../check.ts";
import { stoppedBy } from "../failures.ts";
import { rewrite, withEndpoint } from "../rewrite.ts";
import { entrances, otherPortLines, wanted } from "./other-port.ts";

/** Nothing on the port, and what is looked for on another one. */
export const wrongPort: Check = {
  id: "tcp-wrong-port",
  find: (evidence) => {
    const { target, provider } = evidence;
    const ill = stoppedBy(evidence, "refused", "silent", "reset").flatMap((one) => {
      const [best] = entrances(one, wanted(target)).toSorted((a) => (a.port === provider?.tlsPort ? -1 : 1));
      return best === undefined ? [] : [{ one, best }];
    });
    const [first] = ill;
    if (first === undefined) return null;
    const { endpoint } = first.one.dialling;
    const silent = first.one.reach.every(({ dialled }) => dialled.state === "silent");
    // The provider's own port that is silent is blocked rather than wrong.
    const isRight = endpoint.port === provider?.tlsPort;
    return {
      ...(silent && { likelihood: isRight ? 0.3 : 0.6 }),
      evidence: ill.flatMap(otherPortLines),
      fixes: [
        rewrite(
          target,
          withEndpoint(target, endpoint, { port: first.best.port }),
          `You dial ${endpoint.port}; ${wanted(target) === "tls" ? "TLS" : "Redis"} is on ${first.best.port}.`,
        ),
      ],
    };
  },
};

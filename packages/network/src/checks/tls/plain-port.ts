import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";
import { rewrite, withEndpoint } from "../rewrite.ts";
import { entrances } from "../tcp/other-port.ts";
import { probeLine } from "../tcp/probe-line.ts";

/** TLS was asked for, and Redis without TLS is there. */
export const plainPort: Check = {
  id: "tls-plain-port",
  find: (evidence) => {
    const { target } = evidence;
    const ill = failedWith(evidence, "TLS_PEER_IS_PLAINTEXT").filter(
      ({ reach }) => !reach.some(({ dialled }) => dialled.speaks === "http"),
    );
    const [first] = ill;
    if (first === undefined) return null;
    const [open] = entrances(first, "tls");
    const { endpoint } = first.dialling;
    return {
      evidence: [
        ...said(ill),
        ...ill.flatMap(({ reach }) => reach.map(({ dialled }) => probeLine(dialled))),
        ...(open === undefined ? [] : [probeLine(open)]),
      ],
      fixes: [
        open === undefined
          ? advice("Find the TLS port, or switch TLS on at the server.")
          : rewrite(
              target,
              withEndpoint(target, endpoint, { port: open.port }),
              `You dial ${endpoint.port}, which is plain text; TLS is on ${open.port}.`,
            ),
        advice(
          "Where TLS was there yesterday, somebody switched it off: do not switch it off in the string.",
        ),
      ],
    };
  },
};

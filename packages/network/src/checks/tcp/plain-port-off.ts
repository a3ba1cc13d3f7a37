import type { Check } from "../check.ts";
import { stoppedBy } from "../failures.ts";
import { rewrite, withEndpoint, withTls } from "../rewrite.ts";
import { entrances, otherPortLines } from "./other-port.ts";

/** Plain text was asked for, or TLS on the port without it; the TLS port is open. */
export const plainPortOff: Check = {
  id: "tcp-plain-port-off",
  find: (evidence) => {
    const { target, provider } = evidence;
    const ill = stoppedBy(evidence, "refused", "silent", "reset").flatMap((one) => {
      const isPlain = !target.tls.enabled || one.dialling.endpoint.port === (provider?.plainPort ?? 6379);
      const open = entrances(one, "tls");
      const [best] = open.toSorted((a) => (a.port === provider?.tlsPort ? -1 : 1));
      return isPlain && best !== undefined ? [{ one, best }] : [];
    });
    const [first] = ill;
    if (first === undefined) return null;
    const { endpoint } = first.one.dialling;
    const changed = withTls(withEndpoint(target, endpoint, { port: first.best.port }), true);
    return {
      evidence: ill.flatMap(otherPortLines),
      fixes: [
        rewrite(
          target,
          changed,
          `Dial port ${first.best.port} with TLS; the port without TLS is switched off, which is the safe way.`,
        ),
      ],
    };
  },
};

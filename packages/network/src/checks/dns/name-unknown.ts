import { linkCommand, zoneFor } from "../azure.ts";
import type { Check } from "../check.ts";
import { failedWith } from "../failures.ts";
import { advice } from "../finding.ts";
import { answerLine } from "./answer-line.ts";

/** Everybody who was asked says that there is no such name. */
export const nameUnknown: Check = {
  id: "dns-name-unknown",
  find: (evidence) => {
    const unknown = failedWith(evidence, "DNS_NOT_FOUND", "DNS_FAILED").flatMap(({ naming }) =>
      naming !== null && naming.answers.every(({ addresses }) => addresses.length === 0) ? [naming] : [],
    );
    const [first] = unknown;
    if (first === undefined) return null;
    const zone = zoneFor(first.host);
    const spelling = advice(`Check the spelling of ${first.host}.`);
    const link =
      zone === null
        ? []
        : [
            advice(
              `Where it has a private endpoint: link the zone ${zone} to the network of this machine.`,
              linkCommand(zone),
            ),
          ];
    return {
      evidence: unknown.flatMap(({ answers }) => answers.map(answerLine)),
      fixes:
        zone === null
          ? [spelling, advice("Ask a DNS server that knows the network of the cache: --resolver.")]
          : [spelling, ...link],
    };
  },
};

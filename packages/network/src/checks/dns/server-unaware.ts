import { kindOfAddress } from "../../probes/address-kind.ts";
import type { Naming } from "../../probes/naming.ts";
import { zoneFor } from "../azure.ts";
import type { Check } from "../check.ts";
import { advice } from "../finding.ts";
import { answerLine } from "./answer-line.ts";

/** The system's own server has no address, or only a public one, where another server has a private one. */
export const serverUnaware: Check = {
  id: "dns-server-unaware",
  find: ({ endpoints }) => {
    const ill = endpoints.flatMap(({ naming, dialling }) =>
      naming !== null && dialling.error !== null && othersKnow(naming) ? [naming] : [],
    );
    const [first] = ill;
    if (first === undefined) return null;
    const zone = zoneFor(first.host);
    const server =
      first.answers.find(({ asked }) => asked === "nameserver")?.resolver ?? "the DNS server of this machine";
    const suffix = zone?.replace(/^privatelink\./, "") ?? first.host;
    return {
      evidence: ill.flatMap(({ answers }) => answers.map(answerLine)),
      fixes: [
        advice(
          zone === null
            ? `Let ${server} forward ${suffix} to a server that knows it.`
            : `Let ${server} forward ${suffix} to 168.63.129.16, from a network to which ${zone} is linked.`,
        ),
        advice("Or give this machine a DNS server that knows the name."),
      ],
    };
  },
};

function othersKnow({ answers }: Naming): boolean {
  const [system, ...others] = answers;
  const known = others.filter(({ addresses }) => addresses.length > 0);
  if (system === undefined || known.length === 0) return false;
  if (system.addresses.length === 0) return true;
  const isPublic = (ip: string): boolean => kindOfAddress(ip) === "public";
  return (
    system.addresses.every(isPublic) &&
    known.some(({ addresses }) => addresses.some((ip) => kindOfAddress(ip) === "private"))
  );
}

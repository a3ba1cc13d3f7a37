import { kindOfAddress } from "../../probes/address-kind.ts";
import { isPrivateLinkName, linkCommand, zoneFor } from "../azure.ts";
import type { Check } from "../check.ts";
import { advice } from "../finding.ts";
import { answerLine } from "./answer-line.ts";

/** The name goes through `privatelink…`, so that there is a private endpoint; and yet it ends at a public address. */
export const publicAnswer: Check = {
  id: "dns-public-answer",
  find: ({ endpoints }) => {
    const ill = endpoints.filter(({ naming }) => {
      const [system] = naming?.answers ?? [];
      return (
        system !== undefined &&
        system.addresses.length > 0 &&
        system.addresses.every((ip) => kindOfAddress(ip) === "public") &&
        naming?.answers.some(({ chain }) => chain.some(isPrivateLinkName))
      );
    });
    const [first] = ill;
    if (first?.naming == null) return null;
    const zone = zoneFor(first.naming.host) ?? "the private DNS zone";
    const works = ill.every(({ dialling }) => dialling.error === null);
    return {
      // It may be meant so: clients outside use the public address while public access is on.
      ...(works && { severity: "info" as const, likelihood: 0.3 }),
      evidence: ill.flatMap(({ naming }) => naming?.answers.map(answerLine) ?? []),
      fixes: [
        advice(`Link ${zone} to the network of this machine.`, linkCommand(zone)),
        advice(
          `Create the record in ${zone}: add a zone group to the private endpoint.`,
          `az network private-endpoint dns-zone-group create -g GROUP --endpoint-name ENDPOINT -n default --zone-name redis --private-dns-zone ${zone}`,
        ),
        advice(
          `Where this network has DNS servers of its own: forward ${zone.replace(/^privatelink\./, "")} to 168.63.129.16.`,
        ),
      ],
    };
  },
};

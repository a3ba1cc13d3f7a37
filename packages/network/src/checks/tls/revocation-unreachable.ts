import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** Clients that check for revocation (.NET does where it is told to) fail now and then when lists cannot be fetched. */
export const revocationUnreachable: Check = {
  id: "tls-revocation-unreachable",
  find: ({ endpoints, provider }) => {
    const probes = endpoints.flatMap(({ tls }) => tls?.revocation ?? []);
    const dead = probes.filter(({ state }) => state === "silent" || state === "refused" || state === "odd");
    if (dead.length === 0) return null;
    const words = {
      silent: "no answer",
      refused: "refused",
      odd: "a web page came instead of an answer: a proxy stands in between",
    } as const;
    return {
      ...(dead.length < probes.length && { likelihood: 0.4 }),
      evidence: [...new Set(dead.map(({ url, state }) => `${url}: ${words[state as keyof typeof words]}`))],
      fixes: [
        advice(
          "Let TCP 80 out of the network of this machine, to these hosts at least: such lists are always fetched without TLS.",
        ),
        ...(provider?.name === "azure-cache"
          ? [
              advice(
                "Let TCP 80 out of the subnet of the cache, too: without it, certificates fail at clients now and then.",
                "az network nsg rule create -g GROUP --nsg-name NSG -n pki --priority 210 --direction Outbound --access Allow --protocol Tcp --destination-address-prefixes Internet --destination-port-ranges 80",
              ),
            ]
          : []),
      ],
    };
  },
};

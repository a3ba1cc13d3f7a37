import { isPrivateLinkName, publicName } from "../azure.ts";
import type { Check } from "../check.ts";
import { rewrite, withEndpoint } from "../rewrite.ts";

/** The certificate is for the public name, and a wildcard covers one label only. */
export const privatelinkDialled: Check = {
  id: "dns-privatelink-dialled",
  find: ({ target, endpoints }) => {
    const ill = endpoints.filter(({ dialling }) => isPrivateLinkName(dialling.endpoint.host));
    const [first] = ill;
    if (first === undefined) return null;
    const { endpoint } = first.dialling;
    const changed = withEndpoint(target, endpoint, { host: publicName(endpoint.host) });
    const { servername } = target.tls;
    const named =
      servername === endpoint.host
        ? { ...changed, tls: { ...changed.tls, servername: publicName(endpoint.host) } }
        : changed;
    return {
      ...(ill.every(({ dialling }) => dialling.error === null) && { severity: "warning" as const }),
      evidence: ill.map(({ dialling }) => `${dialling.endpoint.host} is a name that only DNS uses`),
      fixes: [rewrite(target, named, `Dial ${publicName(endpoint.host)}.`)],
    };
  },
};

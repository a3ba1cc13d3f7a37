import type { Check } from "../check.ts";
import { rewrite, withEndpoint } from "../rewrite.ts";

/** Without the search domain the name leads nowhere, or elsewhere. */
export const searchDomain: Check = {
  id: "dns-search-domain",
  find: ({ target, endpoints }) => {
    const ill = endpoints.flatMap(({ naming, dialling }) => {
      const [system] = naming?.answers ?? [];
      if (naming == null || naming.absolute === null || system === undefined || system.addresses.length === 0)
        return [];
      const same = naming.absolute.addresses.some((ip) => system.addresses.includes(ip));
      return same || naming.inHosts.length > 0 ? [] : [{ naming, endpoint: dialling.endpoint, system }];
    });
    const [first] = ill;
    if (first === undefined) return null;
    const full = `${first.naming.host}.${first.naming.search[0] ?? ""}`;
    return {
      evidence: ill.map(
        ({ naming, system }) =>
          `${naming.host} alone does not lead to ${system.addresses.join(", ")}; the search domains are ${naming.search.join(", ")}`,
      ),
      fixes: [
        rewrite(
          target,
          withEndpoint(target, first.endpoint, { host: full }),
          "Write the full name, so that the same string works on every machine.",
        ),
      ],
    };
  },
};

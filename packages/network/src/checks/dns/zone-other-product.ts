import { zoneFor } from "../azure.ts";
import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** The three products of Azure have a zone each; a record in a wrong one is never asked for. */
export const zoneOtherProduct: Check = {
  id: "dns-zone-other-product",
  find: ({ endpoints }) => {
    const ill = endpoints.flatMap(({ naming }) => {
      if (naming === null) return [];
      const right = zoneFor(naming.host);
      const isThere = naming.inZones.some(({ zone }) => zone === right);
      return right === null || isThere ? [] : naming.inZones.map((one) => ({ ...one, right }));
    });
    const [first] = ill;
    if (first === undefined) return null;
    return {
      evidence: ill.map(
        ({ name, addresses, right }) =>
          `${name} is ${addresses.join(", ")}, and clients ask for it in ${right}`,
      ),
      fixes: [
        advice(
          `Create the zone ${first.right}, link it to the network of this machine, and put the record there.`,
          `az network private-dns zone create -g GROUP -n ${first.right}`,
        ),
        advice(`Remove the record from ${first.zone}.`),
      ],
    };
  },
};

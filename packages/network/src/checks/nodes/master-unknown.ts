import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** The name in the string is none that they watch. */
export const masterUnknown: Check = {
  id: "sentinel-master-unknown",
  find: ({ target, endpoints }) => {
    const asked = endpoints.flatMap(({ sentinel }) => (sentinel === null ? [] : [sentinel]));
    if (target.sentinel === null || asked.length === 0 || asked.some(({ master }) => master !== null))
      return null;
    const names = [...new Set(asked.flatMap(({ masters }) => masters))];
    return {
      evidence: [`nobody knows ${target.sentinel.masterName}; watched are ${names.join(", ") || "none"}`],
      fixes: [
        advice(
          names.length === 0
            ? "Let the Sentinels watch a master."
            : `Say ${names.join(" or ")} in the connection string.`,
        ),
      ],
    };
  },
};

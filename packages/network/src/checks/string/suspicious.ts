import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** What `redoubt uri check` would warn of. */
export const suspicious: Check = {
  id: "string-suspicious",
  find: ({ lint }) => {
    const grave = lint.filter(({ severity }) => severity !== "info");
    if (grave.length === 0) return null;
    return {
      evidence: grave.map(({ code, message }) => `${code}: ${message}`),
      fixes: [...new Set(grave.map(({ fix }) => fix))].map((fix) => advice(fix)),
    };
  },
};

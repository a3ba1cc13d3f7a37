import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** What `redoubt uri check` would warn of. */
export const suspicious: Check = {
  id: "string-suspicious",
  find: ({ lint, endpoints }) => {
    const works = endpoints.every(({ dialling }) => dialling.error === null);
    // That the certificate names the address has been seen, where it works.
    const grave = lint.filter(
      ({ severity, code }) => severity !== "info" && !(works && code === "no-servername"),
    );
    if (grave.length === 0) return null;
    return {
      evidence: grave.map(({ code, message }) => `${code}: ${message}`),
      fixes: [...new Set(grave.map(({ fix }) => fix))].map((fix) => advice(fix)),
    };
  },
};

import { errorTable } from "@redoubt/client";
import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** Every failure is told, whatever it is; where another check explains it, that one is surer. */
export const otherFailure: Check = {
  id: "other-failure",
  find: ({ endpoints }) => {
    const errors = endpoints.flatMap(({ dialling: { error } }) => (error === null ? [] : [error]));
    if (errors.length === 0) return null;
    const codes = [...new Set(errors.map(({ code }) => code))];
    return {
      evidence: [...new Set(errors.map(({ code, message }) => `${code}: ${message}`))],
      fixes: codes.map((code) => advice(`${errorTable[code].likely} ${errorTable[code].hint}`)),
    };
  },
};

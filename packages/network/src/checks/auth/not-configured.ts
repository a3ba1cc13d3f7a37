import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { rewrite } from "../rewrite.ts";

/** A server without password got one: seldom the server that was meant. */
export const notConfigured: Check = {
  id: "auth-not-configured",
  find: (evidence) => {
    const ill = failedWith(evidence, "AUTH_NOT_CONFIGURED");
    if (ill.length === 0) return null;
    const { target } = evidence;
    return {
      evidence: said(ill),
      fixes: [
        rewrite(
          target,
          { ...target, password: null },
          "Leave the password out, where this is the server you mean.",
        ),
      ],
    };
  },
};

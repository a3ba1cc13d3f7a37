import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** What the user may not ask is not told here. */
export const limited: Check = {
  id: "auth-limited",
  find: ({ server }) => {
    if (server === null || server.refused.length === 0) return null;
    return {
      evidence: [`${server.user ?? "the user"} may not run ${server.refused.join(", ")}`],
      fixes: [
        advice(
          "Examine as a user who may, to see more: the limits of the server, for example.",
          "redis-cli ACL GETUSER NAME",
        ),
      ],
    };
  },
};

import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { rewrite } from "../rewrite.ts";

/** Logged in, and the database cannot be selected. */
export const database: Check = {
  id: "server-database",
  find: (evidence) => {
    const { target } = evidence;
    const ill = [
      ...failedWith(evidence, "REPLY_DATABASE_RANGE"),
      ...failedWith(evidence, "REPLY_ERROR").filter(({ dialling }) => dialling.error?.stage === "setup"),
    ];
    if (ill.length === 0) return null;
    return {
      evidence: said(ill),
      fixes: [
        rewrite(
          target,
          { ...target, database: 0 },
          "Use database 0: clusters and Azure Managed Redis have no other.",
        ),
      ],
    };
  },
};

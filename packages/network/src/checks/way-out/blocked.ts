import type { Check } from "../check.ts";
import { advice } from "../finding.ts";
import { flowLine, isReached } from "./flow-lines.ts";

/** Some of it gets out. */
export const blocked: Check = {
  id: "way-out-blocked",
  find: ({ waysOut }) => {
    const ill = waysOut?.filter((one) => !isReached(one)) ?? [];
    if (ill.length === 0 || ill.length === waysOut?.length) return null;
    const tags = [...new Set(ill.map(({ serviceTag }) => serviceTag ?? "Internet"))];
    return {
      evidence: ill.map(flowLine),
      fixes: [advice(`Let out ${tags.join(", ")}.`, "redoubt network check exports/")],
    };
  },
};

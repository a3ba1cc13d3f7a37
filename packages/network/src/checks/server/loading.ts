import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";

/** It has been started, and reads its data. */
export const loading: Check = {
  id: "server-loading",
  find: (evidence) => {
    const ill = failedWith(evidence, "REPLY_LOADING", "REPLY_MASTER_DOWN");
    const info = evidence.server?.info ?? {};
    const reads = info["loading"] === "1" || info["async_loading"] === "1";
    if (ill.length === 0 && !reads) return null;
    const left = info["loading_eta_seconds"];
    return {
      evidence: [
        ...said(ill),
        ...(reads
          ? [
              `loading: ${info["loading_loaded_perc"] ?? "?"} %${left === undefined ? "" : `, ${left} s left`}`,
            ]
          : []),
      ],
      fixes: [advice("Wait: a client of Redoubt does so by itself.")],
    };
  },
};

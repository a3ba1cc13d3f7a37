import type { Check } from "../check.ts";
import { failedWith } from "../failures.ts";
import { chainLines } from "./chain-lines.ts";

/** The server made its certificate itself. */
export const selfSigned: Check = {
  id: "tls-self-signed",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_SELF_SIGNED");
    return ill.length === 0 ? null : { evidence: chainLines(ill) };
  },
};

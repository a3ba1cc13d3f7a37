import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";

/** A Unix socket that does not exist. */
export const socketFile: Check = {
  id: "tcp-socket-file",
  find: (evidence) => {
    const ill = failedWith(evidence, "TCP_NO_SOCKET_FILE");
    return ill.length === 0 ? null : { evidence: said(ill) };
  },
};

import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** The small client that sets and gets a key. */
export const setGet: Check = {
  id: "server-set-get",
  find: ({ server }) => {
    const tried = server?.setGet;
    if (tried == null || tried.ok) return null;
    const fix = tried.detail.startsWith("READONLY")
      ? "Dial the primary: a replica takes no writes."
      : tried.detail.startsWith("NOPERM")
        ? "Let the user write keys of that name, or examine as one who may."
        : tried.detail.startsWith("OOM")
          ? "Memory is full: take a larger size, or let keys be evicted."
          : "See what the server said.";
    return { evidence: [tried.detail], fixes: [advice(fix)] };
  },
};

import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** The server's own setting. */
export const idleTimeout: Check = {
  id: "server-idle-timeout",
  find: ({ server, provider }) => {
    if (server === null) return null;
    const seconds = Number(server.config["timeout"] ?? 0);
    const known = provider?.idleLimitMs ?? null;
    if (!(seconds > 0) && known === null) return null;
    const limit = seconds > 0 ? seconds * 1000 : (known ?? 0);
    return {
      evidence: [
        seconds > 0
          ? `the server is set to timeout ${seconds}`
          : `${provider?.title ?? "the provider"} closes connections that were silent for ${(known ?? 0) / 1000} s`,
      ],
      fixes: [
        advice(
          `Send something at least every ${Math.floor(limit / 2000)} s: a client of Redoubt does so by itself (pingInterval).`,
        ),
      ],
    };
  },
};

import type { Check } from "../check.ts";
import { advice } from "../finding.ts";
import { aheadText } from "../tls/clock.ts";

/** Tokens and certificates bear less. ms */
const tolerance = 30_000;

/** The server's clock against this machine's. */
export const clockDiffers: Check = {
  id: "server-clock",
  find: ({ server }) => {
    const ahead = server?.clockAhead ?? 0;
    if (Math.abs(ahead) <= tolerance) return null;
    return {
      evidence: [`by the server, this clock is ${aheadText(ahead)}`],
      fixes: [advice("Set the clock by NTP: tokens and certificates are judged by it.", "timedatectl")],
    };
  },
};

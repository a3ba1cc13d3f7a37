import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";
import { loginLines } from "./login-lines.ts";

/** The token itself says that it is over, or not on yet. */
export const tokenExpired: Check = {
  id: "auth-token-expired",
  find: (evidence) => {
    const { token, now } = evidence;
    const ill = failedWith(evidence, "AUTH_FAILED");
    const over =
      token !== null && ((token.expiresAt ?? Infinity) < now || (token.notBefore ?? 0) > now + 60_000);
    if (ill.length === 0 || !over) return null;
    return {
      evidence: [...said(ill), ...loginLines(evidence), `this clock says ${new Date(now).toISOString()}`],
      fixes: [
        advice(
          "Fetch a new token; it is good for about an hour.",
          "az account get-access-token --resource https://redis.azure.com",
        ),
        advice("Let a provider renew it on open connections: entraCredentials() in code, or the tunnel."),
        advice("Check the clock of this machine.", "date -u"),
      ],
    };
  },
};

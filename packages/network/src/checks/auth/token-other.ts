import { redisAudiences } from "../../probes/token.ts";
import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";
import { loginLines } from "./login-lines.ts";
import { rewriteUser } from "./rewrite-user.ts";

/** The token is somebody else's, or meant for another service. */
export const tokenOther: Check = {
  id: "auth-token-other",
  find: (evidence) => {
    const { token, target } = evidence;
    const ill = failedWith(evidence, "AUTH_FAILED");
    if (ill.length === 0 || token === null) return null;
    const otherUser =
      token.objectId !== null && token.objectId.toLowerCase() !== target.username?.toLowerCase();
    const otherService = token.audience !== null && !redisAudiences.includes(token.audience);
    if (!otherUser && !otherService) return null;
    return {
      evidence: [...said(ill), ...loginLines(evidence)],
      fixes: [
        ...(otherUser ? [rewriteUser(target, token.objectId ?? "")] : []),
        ...(otherService
          ? [
              advice(
                "Ask for a token for Redis.",
                "az account get-access-token --resource https://redis.azure.com",
              ),
            ]
          : []),
      ],
    };
  },
};

import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";

/** Nobody logged in. */
export const missing: Check = {
  id: "auth-missing",
  find: (evidence) => {
    const ill = failedWith(evidence, "AUTH_REQUIRED");
    if (ill.length === 0) return null;
    const azure = evidence.provider?.name.startsWith("azure");
    return {
      evidence: said(ill),
      fixes: [
        advice(
          "Give the password: --password-stdin, REDOUBT_PASSWORD, or in the string.",
          azure ? "az redis list-keys -g GROUP -n NAME" : null,
        ),
        ...(azure
          ? [
              advice(
                "Or a token of Microsoft Entra: in code entraCredentials(); here the object id as user and the token as password.",
                "az account get-access-token --resource https://redis.azure.com",
              ),
            ]
          : []),
      ],
    };
  },
};

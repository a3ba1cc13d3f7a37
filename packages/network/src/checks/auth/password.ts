import { isObjectId } from "../../probes/token.ts";
import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";
import { loginLines } from "./login-lines.ts";

/** The user default was refused. */
export const password: Check = {
  id: "auth-password",
  find: (evidence) => {
    const { username } = evidence.target;
    const ill = failedWith(evidence, "AUTH_FAILED");
    if (ill.length === 0 || (username !== null && username !== "default") || isObjectId(username))
      return null;
    const azure = evidence.provider?.name.startsWith("azure");
    return {
      evidence: [...said(ill), ...loginLines(evidence)],
      fixes: [
        advice(
          "Copy the key again, all of it: it may end in =, and in a URL + and = are percent-coded.",
          azure ? "az redis list-keys -g GROUP -n NAME" : null,
        ),
        ...(azure
          ? [
              advice(
                "See whether access keys are switched off: then only tokens of Microsoft Entra log in.",
                "az redis show -g GROUP -n NAME --query disableAccessKeyAuthentication",
              ),
            ]
          : []),
        ...(evidence.token === null ? [] : [advice("A token wants the object id as user name.")]),
      ],
    };
  },
};

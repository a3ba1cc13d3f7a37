import { isObjectId } from "../../probes/token.ts";
import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";
import { loginLines } from "./login-lines.ts";

/** A user of the ACL, or an object id, was refused; or may not even log in. */
export const user: Check = {
  id: "auth-user",
  find: (evidence) => {
    const { username } = evidence.target;
    const refused = failedWith(evidence, "AUTH_FAILED").filter(
      () => username !== null && username !== "default",
    );
    const ill = [...refused, ...failedWith(evidence, "AUTH_FORBIDDEN")];
    if (ill.length === 0) return null;
    return {
      evidence: [...said(ill), ...loginLines(evidence)],
      fixes: isObjectId(username)
        ? [
            advice(
              "Assign the identity to an access policy of the cache.",
              "az redis access-policy-assignment list -g GROUP -n NAME -o table",
            ),
            advice(
              "Use the object id of the identity itself, of a service principal not that of the application.",
            ),
          ]
        : [
            advice("See whether the user exists, is on, and has this password.", "redis-cli ACL LIST"),
            advice(
              "A name in front of the colon is a user: where only a password is meant, write :password@host.",
            ),
          ],
    };
  },
};

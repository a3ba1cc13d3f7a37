import type { Check } from "../check.ts";
import { failedWith, said } from "../failures.ts";
import { advice } from "../finding.ts";

/** Old versions only on one side, or new ones only. */
export const versions: Check = {
  id: "tls-versions",
  find: (evidence) => {
    const ill = failedWith(evidence, "TLS_VERSION_MISMATCH");
    if (ill.length === 0) return null;
    const { minVersion, maxVersion } = evidence.target.tls;
    const taken = ill.flatMap(({ tls }) =>
      Object.entries(tls?.versions ?? {}).flatMap(([version, ok]) =>
        ok === null ? [] : `${version}: ${ok ? "accepted" : "refused"}`,
      ),
    );
    const tooOld = !taken.some((line) => /^TLSv1\.[23]: accepted/.test(line));
    return {
      evidence: [
        ...said(ill),
        `this side offers ${minVersion ?? "TLSv1.2"} to ${maxVersion ?? "TLSv1.3"}`,
        ...taken,
      ],
      fixes: [
        tooOld
          ? advice(
              "Allow TLS 1.2 and 1.3 on the server: older versions are not safe.",
              "redis-cli CONFIG SET tls-protocols 'TLSv1.2 TLSv1.3'",
            )
          : advice("Widen the versions in the connection string: leave out what limits them."),
      ],
    };
  },
};

import type { Check } from "../check.ts";

/** Versions that are broken and still taken. */
export const oldVersions: Check = {
  id: "tls-old-versions",
  find: ({ endpoints }) => {
    const old = endpoints.flatMap(({ tls }) =>
      (["TLSv1", "TLSv1.1"] as const).filter((version) => tls?.versions[version] === true),
    );
    return old.length === 0
      ? null
      : { evidence: [...new Set(old)].map((version) => `${version} is accepted`) };
  },
};

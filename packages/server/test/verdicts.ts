import type { CertificateKind } from "../src/certificates/kinds.ts";

/** What Node says when it dials that host and is served that kind; "trusted" when it accepts. */
export const verdicts: Record<CertificateKind, { byName: string; byAddress: string }> = {
  valid: { byName: "trusted", byAddress: "trusted" },
  "with-intermediate": { byName: "trusted", byAddress: "trusted" },
  expired: { byName: "CERT_HAS_EXPIRED", byAddress: "CERT_HAS_EXPIRED" },
  "not-yet-valid": { byName: "CERT_NOT_YET_VALID", byAddress: "CERT_NOT_YET_VALID" },
  "other-host": { byName: "ERR_TLS_CERT_ALTNAME_INVALID", byAddress: "ERR_TLS_CERT_ALTNAME_INVALID" },
  "ip-only": { byName: "ERR_TLS_CERT_ALTNAME_INVALID", byAddress: "trusted" },
  "other-authority": {
    byName: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    byAddress: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  },
  "other-authority-with-root": {
    byName: "SELF_SIGNED_CERT_IN_CHAIN",
    byAddress: "SELF_SIGNED_CERT_IN_CHAIN",
  },
  "self-signed": { byName: "DEPTH_ZERO_SELF_SIGNED_CERT", byAddress: "DEPTH_ZERO_SELF_SIGNED_CERT" },
  "missing-intermediate": {
    byName: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    byAddress: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  },
  "client-only": { byName: "INVALID_PURPOSE", byAddress: "INVALID_PURPOSE" },
};

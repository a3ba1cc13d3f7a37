export { namesOf, pinOf } from "./certificate.ts";
export {
  type CertificateSelection,
  type CertificateValidation,
  type ClientCertificate,
  type Pem,
  type PolicyErrors,
  type SelectionRequest,
  type TlsDefaults,
  type TlsOptions,
  tlsDefaults,
  type ValidationRequest,
} from "./options.ts";
export { resolvePolicy, type TlsPolicy } from "./policy.ts";
export type { PeerEvidence } from "./session.ts";
export { withoutPeer } from "./session-form.ts";
export { verifyPeer } from "./verify.ts";

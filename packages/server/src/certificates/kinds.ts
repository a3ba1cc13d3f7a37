import { type Authority, type CertificateOptions, createAuthority, createSelfSigned } from "./authority.ts";
import { IssuedCertificate } from "./issued.ts";

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);

type Maker = (authority: Authority, options: CertificateOptions) => Promise<IssuedCertificate>;

const leafOnly = ({ x509, key }: IssuedCertificate) => new IssuedCertificate(x509.toString(), key);

const makers = {
  /** Right in every way. */
  valid: (authority, options) => authority.issue(options),
  /** Right, through an intermediate that is served along. */
  "with-intermediate": async (authority, options) => (await authority.intermediate()).issue(options),
  /** Ended yesterday. */
  expired: (authority, options) =>
    authority.issue({ ...options, notBefore: inDays(-30), notAfter: inDays(-1) }),
  /** Begins tomorrow. */
  "not-yet-valid": (authority, options) =>
    authority.issue({ ...options, notBefore: inDays(1), notAfter: inDays(30) }),
  /** For `other.example.test` only. */
  "other-host": (authority, options) => authority.issue({ ...options, names: ["other.example.test"] }),
  /** For `127.0.0.1` and `::1` only: right when dialled by address, wrong when dialled by name. */
  "ip-only": (authority, options) => authority.issue({ ...options, names: ["127.0.0.1", "::1"] }),
  /** Signed by an authority that nobody was told of. */
  "other-authority": async (_, options) => (await createAuthority("Unknown authority")).issue(options),
  /** The same, and the unknown root is served along. */
  "other-authority-with-root": async (_, options) => {
    const other = await createAuthority("Unknown authority");
    const { certificate, key } = await other.issue(options);
    return new IssuedCertificate(certificate + other.certificate, key);
  },
  /** Signed by itself. */
  "self-signed": (_, options) => createSelfSigned(options),
  /** Signed by an intermediate that is not served along. */
  "missing-intermediate": async (authority, options) =>
    leafOnly(await (await authority.intermediate()).issue(options)),
  /** May prove a client only. */
  "client-only": (authority, options) => authority.issue({ ...options, usage: ["client"] }),
} as const satisfies Record<string, Maker>;

/** A kind of certificate: `valid`, `with-intermediate`, or wrong in exactly one way. */
export type CertificateKind = keyof typeof makers;

/** Every {@link CertificateKind}. */
export const certificateKinds = Object.keys(makers) as readonly CertificateKind[];

/**
 * Issues a certificate of that kind.
 *
 * @param authority the one that is trusted; wrong kinds may not be signed by it
 * @param options names and dates; the kind's own fault wins over them
 */
export function issueKind(
  kind: CertificateKind,
  authority: Authority,
  options: CertificateOptions = {},
): Promise<IssuedCertificate> {
  return makers[kind](authority, options);
}

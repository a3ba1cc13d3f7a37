import { createPrivateKey, randomBytes, type webcrypto, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { IssuedCertificate } from "./issued.ts";
import { loadX509, type X509Library } from "./library.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 86_400_000;
/** How far back a certificate is valid by default, so that a clock a little behind does not refuse it (ms). */
const clockTolerance = 300_000;

/** What a certificate says about itself. */
export interface CertificateOptions {
  /** Host names and IP addresses that the certificate is for. Default: `localhost`, `127.0.0.1` and `::1`. */
  readonly names?: readonly string[];
  /** Common name of the subject. Default: the first of `names`. Verification never reads it. */
  readonly commonName?: string;
  /** Default: five minutes ago. */
  readonly notBefore?: Date;
  /** Default: in a year. */
  readonly notAfter?: Date;
  /** What it may prove (extended key usage). Default: that its holder is the server, and that it is the client. */
  readonly usage?: readonly ("server" | "client")[];
  /** Where it says that revoked certificates are listed (CRL distribution point), a URL. Default: nowhere. */
  readonly revocationList?: string;
}

/** What a list of revoked certificates says about itself. */
export interface RevocationOptions {
  /** When the next list is due; a verifier takes this one no longer than that. Default: in a year. */
  readonly nextUpdate?: Date;
}

/** The names of a certificate when the caller chooses none. */
export const loopbackNames: readonly string[] = ["localhost", "127.0.0.1", "::1"];

/** The side of an authority that signs. */
interface Signer {
  readonly subject: { CN: string[] }[];
  readonly keys: webcrypto.CryptoKeyPair;
  /** The intermediate certificates (PEM) that come along behind what it issues: none for a root. */
  readonly chain: string;
}

/** A certificate authority that lives in memory: it issues certificates for servers and clients. */
export class Authority {
  readonly #library: X509Library;
  readonly #self: Signer;
  /** The authority's own certificate (PEM): what those who trust it are given. */
  readonly certificate: string;

  /** Use {@link createAuthority}. */
  constructor(library: X509Library, self: Signer, certificate: string) {
    this.#library = library;
    this.#self = self;
    this.certificate = certificate;
  }

  /**
   * Issues a certificate (ECDSA P-256) that serves both as server and as client certificate: servers that replicate from
   * each other are both. If this authority is an intermediate, its certificate comes along behind the leaf.
   */
  async issue(options: CertificateOptions = {}): Promise<IssuedCertificate> {
    const { pem, key } = await sign(this.#library, options, this.#self);
    return new IssuedCertificate(pem + this.#self.chain, key);
  }

  /**
   * Takes certificates back. The authority does not remember it: each list holds what it is given.
   * @param certificates of this authority; none for a list that says that all are good
   * @returns the list (PEM, `X509 CRL`)
   */
  async revoke(
    certificates: readonly IssuedCertificate[],
    { nextUpdate }: RevocationOptions = {},
  ): Promise<string> {
    const { subject, keys } = this.#self;
    const revocationDate = new Date(Date.now() - clockTolerance);
    const list = await this.#library.X509CrlGenerator.create({
      issuer: subject,
      thisUpdate: revocationDate,
      nextUpdate: nextUpdate ?? new Date(Date.now() + 365 * day),
      entries: certificates.map(({ x509 }) => ({ serialNumber: x509.serialNumber, revocationDate })),
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [await this.#library.AuthorityKeyIdentifierExtension.create(keys.publicKey)],
    });
    // The library's own label is one that OpenSSL does not know (RFC 7468 section 6).
    return `${list.toString("pem").replaceAll(/(BEGIN|END) CRL/g, "$1 X509 CRL")}\n`;
  }

  /**
   * The authority's private key (PEM, PKCS#8, not encrypted), to keep it: see {@link openAuthority}. Whoever has it can
   * issue what all those believe who trust the authority.
   */
  key(): Promise<string> {
    return exportKey(this.#self.keys.privateKey);
  }

  /** Makes an authority below this one. What it issues is trusted by those who trust this one, if it is served along. */
  intermediate(commonName = "Redoubt intermediate"): Promise<Authority> {
    return makeAuthority(this.#library, commonName, this.#self);
  }
}

/**
 * Makes a new authority: a key of its own and a self-signed CA certificate.
 * @param options `notAfter`: default in a year
 */
export async function createAuthority(
  commonName = "Redoubt authority",
  options: Pick<CertificateOptions, "notAfter"> = {},
): Promise<Authority> {
  return makeAuthority(await loadX509(), commonName, undefined, options);
}

/**
 * Takes up an authority that was kept.
 * @param certificate its certificate, PEM
 * @param key its private key, as {@link Authority.key} gave it
 * @throws Error when the two are no authority, or do not belong together
 */
export async function openAuthority(certificate: string, key: string): Promise<Authority> {
  const library = await loadX509();
  const own = new X509Certificate(certificate);
  if (!own.ca) throw new Error("the certificate is not one of an authority");
  if (!own.checkPrivateKey(createPrivateKey(key)))
    throw new Error("the certificate of the authority and its key do not belong together");
  const der = createPrivateKey(key).export({ type: "pkcs8", format: "der" });
  const privateKey = await crypto.subtle.importKey("pkcs8", der, algorithm, true, ["sign"]);
  const read = new library.X509Certificate(certificate);
  const publicKey = await read.publicKey.export(algorithm, ["verify"]);
  const subject = read.subjectName.toJSON() as Signer["subject"];
  return new Authority(library, { subject, keys: { privateKey, publicKey }, chain: "" }, certificate);
}

/** Makes a certificate that signed itself: no authority stands behind it. */
export async function createSelfSigned(options: CertificateOptions = {}): Promise<IssuedCertificate> {
  const { pem, key } = await sign(await loadX509(), options);
  return new IssuedCertificate(pem, key);
}

async function makeAuthority(
  library: X509Library,
  commonName: string,
  issuer?: Signer,
  dates: Pick<CertificateOptions, "notAfter"> = {},
): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  // Two authorities of one name would look alike to a verifier, which then reports a bad signature instead of an unknown issuer.
  const subject = [{ CN: [`${commonName} ${randomBytes(4).toString("hex")}`] }];
  const { KeyUsagesExtension, KeyUsageFlags, BasicConstraintsExtension } = library;
  const pem = await create(library, { subject, keys, issuer }, validity(dates), [
    new BasicConstraintsExtension(true, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ]);
  return new Authority(library, { subject, keys, chain: issuer ? pem + issuer.chain : "" }, pem);
}

async function sign(library: X509Library, options: CertificateOptions, issuer?: Signer) {
  const { names = loopbackNames, usage = ["server", "client"] } = options;
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const subject = [{ CN: [options.commonName ?? names[0] ?? "Redoubt client"] }];
  const { KeyUsagesExtension, KeyUsageFlags, ExtendedKeyUsageExtension, ExtendedKeyUsage } = library;
  const pem = await create(library, { subject, keys, issuer }, validity(options), [
    new library.BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension(usage.map((side) => ExtendedKeyUsage[`${side}Auth`])),
    ...(names.length > 0 ? [new library.SubjectAlternativeNameExtension(names.map(generalName))] : []),
    ...(options.revocationList === undefined
      ? []
      : [new library.CRLDistributionPointsExtension([options.revocationList])]),
  ]);
  return { pem, key: await exportKey(keys.privateKey) };
}

const generalName = (value: string) => ({ type: isIP(value) ? ("ip" as const) : ("dns" as const), value });

const validity = ({ notBefore, notAfter }: CertificateOptions) => ({
  notBefore: notBefore ?? new Date(Date.now() - clockTolerance),
  notAfter: notAfter ?? new Date(Date.now() + 365 * day),
});

/** Whom a certificate is about, and who says so. */
interface Subject {
  readonly subject: Signer["subject"];
  readonly keys: webcrypto.CryptoKeyPair;
  /** Absent: the certificate signs itself. */
  readonly issuer: Signer | undefined;
}

async function create(
  library: X509Library,
  { subject, keys, issuer }: Subject,
  dates: { notBefore: Date; notAfter: Date },
  extensions: InstanceType<X509Library["Extension"]>[],
): Promise<string> {
  const { SubjectKeyIdentifierExtension, AuthorityKeyIdentifierExtension, X509CertificateGenerator } =
    library;
  // The first byte stays below 0x80 and above 0: a serial number is a positive integer (RFC 5280, 4.1.2.2).
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) % 0x7f) | 1;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial.toString("hex"),
    subject,
    issuer: issuer?.subject ?? subject,
    ...dates,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create((issuer?.keys ?? keys).publicKey),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey("pkcs8", key));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
}

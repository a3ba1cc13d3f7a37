import {
  type Authority,
  type CertificateOptions,
  createAuthority,
  loopbackNames,
} from "../certificates/authority.ts";
import type { IssuedCertificate } from "../certificates/issued.ts";
import { type CertificateKind, issueKind } from "../certificates/kinds.ts";
import { StoredCertificate } from "../certificates/stored.ts";
import type { PrivateFolder } from "./files.ts";
import type { ServerOptions } from "./options.ts";

/** The TLS side of one server: its authority, the certificate that it serves, and where the files lie. */
export class Identity {
  readonly authority: Authority;
  /** Path of the authority's certificate. */
  readonly caFile: string;
  /** Names that certificates are issued for. */
  readonly names: readonly string[];
  readonly #folder: PrivateFolder;
  #served: StoredCertificate;
  #operator: Promise<IssuedCertificate> | undefined;
  #count: number;

  private constructor(
    authority: Authority,
    caFile: string,
    names: readonly string[],
    folder: PrivateFolder,
    served: StoredCertificate,
  ) {
    this.authority = authority;
    this.caFile = caFile;
    this.names = names;
    this.#folder = folder;
    this.#served = served;
    this.#count = 0;
  }

  static async create(options: ServerOptions, folder: PrivateFolder): Promise<Identity> {
    const { names = loopbackNames, certificate = "valid" } = options;
    const authority = options.authority ?? (await createAuthority());
    const caFile = await folder.write("ca.crt", authority.certificate);
    const issued = await issue(certificate, authority, { names });
    return new Identity(authority, caFile, names, folder, await store(issued, "server", folder));
  }

  get served(): StoredCertificate {
    return this.#served;
  }

  /** Makes another certificate the one to serve. The server itself must be told. */
  async replace(certificate: CertificateKind | IssuedCertificate): Promise<StoredCertificate> {
    const issued = await issue(certificate, this.authority, { names: this.names });
    // New file names, because the server takes no notice when it is told the ones that it has.
    this.#served = await store(issued, `server-${++this.#count}`, this.#folder);
    return this.#served;
  }

  /** Issues a certificate for a client of this server. */
  async clientCertificate(kind: CertificateKind, options: CertificateOptions): Promise<StoredCertificate> {
    const issued = await issue(kind, this.authority, { names: [], ...options });
    return store(issued, `client-${++this.#count}`, this.#folder);
  }

  /** The certificate with which this package itself calls servers that ask for one. */
  operator(): Promise<IssuedCertificate> {
    this.#operator ??= this.authority.issue({ names: [], commonName: "Redoubt operator" });
    return this.#operator;
  }
}

async function issue(
  certificate: CertificateKind | IssuedCertificate,
  authority: Authority,
  options: CertificateOptions,
): Promise<IssuedCertificate> {
  return typeof certificate === "string" ? issueKind(certificate, authority, options) : certificate;
}

async function store(
  issued: IssuedCertificate,
  name: string,
  folder: PrivateFolder,
): Promise<StoredCertificate> {
  return new StoredCertificate(
    issued,
    await folder.write(`${name}.crt`, issued.certificate),
    await folder.write(`${name}.key`, issued.key),
  );
}

import { inspect } from "node:util";
import type { Authority, CertificateOptions } from "../certificates/authority.ts";
import type { IssuedCertificate } from "../certificates/issued.ts";
import type { CertificateKind } from "../certificates/kinds.ts";
import type { StoredCertificate } from "../certificates/stored.ts";
import { ControlConnection } from "../control/connection.ts";
import type { Reply } from "../control/reply.ts";
import type { Ports } from "./directives.ts";
import type { Identity } from "./identity.ts";
import type { Installation } from "./installation.ts";
import type { ServerEnd } from "./options.ts";
import { formatUri } from "./uri.ts";

const mask = "*****";

/** What a server is made of; only `startServer` and the topologies put it together. */
export interface ServerParts {
  readonly installation: Installation;
  readonly ports: Ports;
  /** Name to dial. */
  readonly host: string;
  /** IP address on which it surely listens. */
  readonly address: string;
  /** `null` without TLS. */
  readonly identity: Identity | null;
  /** Name and password of every user; `null` for a user without password. */
  readonly users: Readonly<Record<string, string | null>>;
  /** Whether the plain port is passed off as a TLS port. */
  readonly posing: boolean;
}

/** What a connection string is to say beyond address and default user. */
export interface UriOptions {
  /** One of `server.users`. Default `default`. */
  readonly username?: string;
  /** Adds `sslcert` and `sslkey`. */
  readonly clientCertificate?: StoredCertificate;
  /** Default: TLS where the server speaks it. */
  readonly tls?: boolean;
  /** The servers to dial. Default: this one. */
  readonly endpoints?: readonly RedisServer[];
  /** Further parameters. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
}

/**
 * A running redis-server or valkey-server. It ends with {@link RedisServer.stop}, at the end of the block when declared
 * with `await using`, and in any case with this process.
 *
 * Printing it and turning it into JSON masks the passwords.
 */
export class RedisServer implements AsyncDisposable {
  readonly #parts: ServerParts;

  /** Use `startServer`. */
  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  /** Name to dial, `localhost` unless chosen otherwise. */
  get host(): string {
    return this.#parts.host;
  }

  /** An IP address at which it listens, for those that do not resolve names. */
  get address(): string {
    return this.#parts.address;
  }

  /** The plain port; `null` when there is none. */
  get port(): number | null {
    return this.#parts.posing ? null : this.#parts.ports.plain;
  }

  /** The TLS port; `null` when there is none. */
  get tlsPort(): number | null {
    return this.#parts.posing ? this.#parts.ports.plain : this.#parts.ports.tls;
  }

  /** The port on which cluster nodes talk to each other; `null` outside a cluster. */
  get busPort(): number | null {
    return this.#parts.ports.bus;
  }

  /** The authority that issued the certificates. Throws without TLS. */
  get authority(): Authority {
    return this.#identity.authority;
  }

  /** Certificate of the authority that clients are to trust (PEM). Throws without TLS. */
  get ca(): string {
    return this.authority.certificate;
  }

  /** Path of a file with {@link RedisServer.ca}. Throws without TLS. */
  get caFile(): string {
    return this.#identity.caFile;
  }

  /** The certificate being served. Throws without TLS. */
  get certificate(): StoredCertificate {
    return this.#identity.served;
  }

  /** Password of each user, `null` where there is none. */
  get users(): Readonly<Record<string, string | null>> {
    return this.#parts.users;
  }

  /** Password of the user `default`, `null` where there is none. */
  get password(): string | null {
    return this.#parts.users["default"] ?? null;
  }

  /** Connection string, with the password in it: `rediss://default:…@localhost:…?sslrootcert=…`. */
  get uri(): string {
    return this.uriFor();
  }

  /** Connection string for another user, with a client certificate, for the plain port, or for several servers. */
  uriFor(options: UriOptions = {}): string {
    const {
      username = "default",
      tls = this.tlsPort !== null,
      endpoints = [this],
      clientCertificate,
    } = options;
    const password = this.users[username];
    if (password === undefined) throw new Error(`the server has no user ${username}`);
    return formatUri({
      tls,
      endpoints: endpoints.map((server) => ({ host: server.host, port: server.#portFor(tls) })),
      username,
      password,
      parameters: { ...options.parameters, ...(tls ? this.#tlsParameters(clientCertificate) : {}) },
    });
  }

  /** Process id; undefined while it does not run. */
  get pid(): number | undefined {
    return this.#parts.installation.pid;
  }

  /**
   * Resolves when the server has ended, whoever ended it. Of the run that is under way: after a restart ask again.
   * @returns null code and signal where nothing runs
   */
  get ended(): Promise<ServerEnd> {
    return this.#parts.installation.ended ?? Promise.resolve({ code: null, signal: null });
  }

  /** The last lines that it wrote. */
  log(): string {
    return this.#parts.installation.log;
  }

  /**
   * Sends one command as the user `default`, over a connection of its own, and resolves with the reply.
   *
   * @throws Error with the server's words when it refuses
   */
  async command(...args: readonly string[]): Promise<Reply> {
    using control = await this.control();
    return await control.call(...args);
  }

  /** Opens the operator's line as the user `default`, for several commands in a row. Close it. */
  async control(): Promise<ControlConnection> {
    const { ports, address, identity } = this.#parts;
    const port = ports.tls ?? ports.plain;
    if (port === null) throw new Error("the server has no port");
    const login = this.password === null ? {} : { password: this.password };
    if (identity === null || ports.tls === null)
      return ControlConnection.open({ host: address, port, ...login });
    const { certificate: cert, key } = await identity.operator();
    const { fingerprint256: fingerprint } = identity.served.x509;
    return ControlConnection.open({ host: address, port, ...login, tls: { cert, key, fingerprint } });
  }

  /**
   * Issues a certificate for a client: a right one, or one that is wrong in one way. Its files lie beside the server's.
   *
   * @param kind default `valid`
   */
  clientCertificate(
    kind: CertificateKind = "valid",
    options: CertificateOptions = {},
  ): Promise<StoredCertificate> {
    return this.#identity.clientCertificate(kind, options);
  }

  /**
   * Serves another certificate from now on, without a restart. Connections that are open keep the old one.
   *
   * @param certificate default: a new valid one for the same names
   */
  async replaceCertificate(
    certificate: CertificateKind | IssuedCertificate = "valid",
  ): Promise<StoredCertificate> {
    // The line must be open before: it recognises the server by the certificate served until now.
    using control = await this.control();
    const stored = await this.#identity.replace(certificate);
    await control.call("CONFIG", "SET", "tls-cert-file", stored.certFile, "tls-key-file", stored.keyFile);
    await control.call("CONFIG", "REWRITE");
    return stored;
  }

  /** Ends the server, if it still runs, and starts it again on the same ports. Data stays only with `directory`. */
  async restart(): Promise<void> {
    await this.#parts.installation.restart();
  }

  /** Ends the server and removes its files. Resolves when both are gone; calling it again is harmless. */
  stop(): Promise<void> {
    return this.#parts.installation.remove();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  toJSON(): Record<string, unknown> {
    const { host, port, tlsPort, pid } = this;
    const users = Object.keys(this.users).map((name) => [name, mask]);
    return {
      host,
      port,
      tlsPort,
      pid,
      users: Object.fromEntries(users),
      caFile: this.#parts.identity?.caFile,
    };
  }

  [inspect.custom](): string {
    return `RedisServer ${inspect(this.toJSON())}`;
  }

  get #identity(): Identity {
    const { identity } = this.#parts;
    if (identity === null) throw new Error('the server has no TLS: see the option "listen"');
    return identity;
  }

  #portFor(tls: boolean): number {
    const port = tls ? this.tlsPort : this.port;
    if (port === null)
      throw new Error(`the server has no ${tls ? "TLS" : "plain"} port: see the option "listen"`);
    return port;
  }

  #tlsParameters(client: StoredCertificate | undefined): Record<string, string | undefined> {
    const { identity } = this.#parts;
    if (identity === null) return {};
    const { names } = identity;
    return {
      sslrootcert: identity.caFile,
      // Dialled under a name that is not in the certificate: say which one to verify.
      servername: names.includes(this.host) ? undefined : names[0],
      sslcert: client?.certFile,
      sslkey: client?.keyFile,
    };
  }
}

import { type Directive, userDirective } from "./config.ts";
import type { ServerOptions } from "./options.ts";

/** The ports of one server; `null` where it does not listen. */
export interface Ports {
  readonly plain: number | null;
  readonly tls: number | null;
  /** The port on which cluster nodes talk to each other. */
  readonly bus: number | null;
}

/** Where the certificates of one server lie. */
export interface TlsFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Everything that a configuration file is made from. */
export interface Facts {
  readonly options: ServerOptions;
  readonly ports: Ports;
  /** Folder in which the server runs. */
  readonly folder: string;
  readonly bind: readonly string[];
  readonly password: string | null;
  /** `null` without TLS. */
  readonly tls: TlsFiles | null;
  /** Whom to replicate from; `null` for a primary. */
  readonly primary: { host: string; port: number; tls: boolean; password: string | null } | null;
}

const verification = { required: "yes", optional: "optional", no: "no" } as const;

/** The configuration that follows from the facts, without the caller's own lines. */
export function serverDirectives(facts: Facts): Directive[] {
  return [
    ...networkDirectives(facts),
    ...tlsDirectives(facts),
    ...accessDirectives(facts),
    ...dataDirectives(facts),
  ];
}

function networkDirectives({ ports, bind }: Facts): Directive[] {
  return [
    ["bind", ...bind],
    ["port", String(ports.plain ?? 0)],
  ];
}

function tlsDirectives({ options, ports, tls, primary }: Facts): Directive[] {
  if (tls === null || ports.tls === null) return [];
  const { clientCertificates = "no", protocols, ciphers, ciphersuites } = options;
  const rows: Directive[] = [
    ["tls-port", String(ports.tls)],
    ["tls-cert-file", tls.certFile],
    ["tls-key-file", tls.keyFile],
    ["tls-ca-cert-file", tls.caFile],
    ["tls-auth-clients", verification[clientCertificates]],
    ["tls-replication", primary === null || primary.tls ? "yes" : "no"],
  ];
  if (protocols) rows.push(["tls-protocols", protocols.join(" ")]);
  // OpenSSL 3 offers TLS 1.0 and 1.1 at security level 0 only.
  const old = protocols?.some((protocol) => protocol === "TLSv1" || protocol === "TLSv1.1");
  if (ciphers ?? old) rows.push(["tls-ciphers", ciphers ?? "DEFAULT@SECLEVEL=0"]);
  if (ciphersuites) rows.push(["tls-ciphersuites", ciphersuites]);
  return rows;
}

function accessDirectives({ options, password, primary }: Facts): Directive[] {
  const rows: Directive[] = [];
  if (password !== null) rows.push(userDirective("default", { password }));
  for (const [name, user] of Object.entries(options.users ?? {})) rows.push(userDirective(name, user));
  if (primary !== null) {
    rows.push(["replicaof", primary.host, String(primary.port)]);
    if (primary.password !== null) rows.push(["masterauth", primary.password]);
  }
  return rows;
}

function dataDirectives({ options, folder }: Facts): Directive[] {
  return [
    ["dir", options.directory ?? folder],
    ["save", ""],
    // By default a primary waits five seconds for more replicas before it sends its data.
    ["repl-diskless-sync-delay", "0"],
    ["appendonly", options.directory === undefined ? "no" : "yes"],
  ];
}

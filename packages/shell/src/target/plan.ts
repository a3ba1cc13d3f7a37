import { lookup } from "node:dns/promises";
import { readdirSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { DEFAULT_CIPHERS } from "node:tls";
import { RedoubtError } from "@redoubt/client";
import { type Endpoint, parse, parseEnvironment, Secret, type Target } from "@redoubt/client/config";
import type { DialOptions } from "@redoubt/client/net";
import type { TlsOptions } from "@redoubt/client/tls";
import type { TargetFlags } from "./settings.ts";

/** A service that was found by its name. */
export interface NamedService {
  readonly target: Target;
  /** Whether its tags say that it is production. */
  readonly production: boolean;
}

/** Finds a service by its name; null where there is none. */
export type ResolveService = (name: string) => Promise<NamedService | null>;

/** Where the shell connects, and how. */
export interface Plan {
  readonly target: Target;
  readonly dial: DialOptions;
  /** Whether what destroys is asked about first. */
  readonly production: boolean;
}

/**
 * Makes a plan of flags: a connection string, a service or the environment, in which flags replace parts.
 * @throws RedoubtError of family `CONFIG_`; `DNS_NOT_FOUND` where -4 or -6 leaves no address
 */
export async function planFrom(
  flags: TargetFlags,
  environment: NodeJS.ProcessEnv,
  resolveService: ResolveService | undefined,
): Promise<Plan> {
  const base = await baseOf(flags, environment, resolveService);
  let target = withFlags(base.target, flags, environment);
  if (flags.family !== undefined) target = await inFamily(target, flags.family);
  const tls = tlsOptions(flags);
  return {
    target,
    production: base.production || flags.production === true || target.options["production"] === true,
    dial: {
      ...(flags.connectTimeout !== undefined && { connectTimeout: flags.connectTimeout }),
      ...(Object.keys(tls).length > 0 && { tls }),
    },
  };
}

async function baseOf(
  { uri, service, host, port, socket }: TargetFlags,
  environment: NodeJS.ProcessEnv,
  resolveService: ResolveService | undefined,
): Promise<NamedService> {
  const isName = uri !== undefined && /^[a-z][a-z0-9-]*$/i.test(uri);
  const name = service ?? (isName ? uri : undefined);
  if (name !== undefined) {
    const found = (await resolveService?.(name)) ?? null;
    if (found !== null) return found;
    if (service !== undefined)
      throw new RedoubtError("CONFIG_MISSING", "There is no service of that name on this machine.", {
        hint: "Give the connection string (-u), or the name of a service of this machine.",
      });
  }
  if (uri !== undefined) return { target: parse(isName ? `redis://${uri}` : uri), production: false };
  const isSaid = host !== undefined || port !== undefined || socket !== undefined;
  return { target: isSaid ? local() : (fromEnvironment(environment) ?? local()), production: false };
}

const local = (): Target => parse("redis://127.0.0.1:6379");

function fromEnvironment(environment: NodeJS.ProcessEnv): Target | null {
  try {
    return parseEnvironment(environment);
  } catch (error) {
    // Nothing is set: then the server of this machine is meant, as with redis-cli.
    if (error instanceof RedoubtError && error.code === "CONFIG_MISSING") return null;
    throw error;
  }
}

function withFlags(base: Target, flags: TargetFlags, environment: NodeJS.ProcessEnv): Target {
  const { host, port, socket, username, database } = flags;
  const tls = withTlsFlags(base, flags);
  const auth = environment["REDOUBT_PASSWORD"] || environment["REDISCLI_AUTH"];
  const password =
    flags.password ?? (base.password === null && auth !== undefined && auth !== "" ? auth : undefined);
  let { endpoints } = base;
  if (socket !== undefined) endpoints = [{ host: socket, port: 0, path: socket }];
  else if (host !== undefined || port !== undefined) {
    const [first] = endpoints;
    endpoints = [placeFrom(host ?? first?.host ?? "127.0.0.1", port ?? first?.port ?? 6379)];
  }
  const moved = host !== undefined && flags.servername === undefined;
  return {
    ...base,
    endpoints,
    username: username ?? base.username,
    password: password === undefined ? base.password : new Secret(password),
    database: database ?? base.database,
    tls: moved ? { ...tls, servername: isIP(host) === 0 ? host : null } : tls,
  };
}

/** Reads a host as redis-cli's -h would be read in a connection string, so that there is one rule for what a host is. */
function placeFrom(host: string, port: number): Endpoint {
  const bare = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const [endpoint] = parse(`redis://${bare}:${port}`, { from: "url" }).endpoints;
  return endpoint as Endpoint;
}

function withTlsFlags({ tls }: Target, flags: TargetFlags): Target["tls"] {
  const { caFile, certFile, keyFile, servername, ciphers } = flags;
  const enabled = tls.enabled || flags.tls === true;
  const wanting = (
    ["caFile", "caFolder", "caBase64", "certFile", "keyFile", "servername", "insecure"] as const
  ).filter((name) => flags[name] !== undefined);
  if (!enabled && wanting.length > 0)
    throw new RedoubtError("CONFIG_INSECURE", "Options of TLS were given for a connection in plain text.", {
      hint: "Add --tls or write rediss:// where you mean TLS; leave the options out where you do not.",
    });
  return {
    ...tls,
    enabled,
    caFile: caFile ?? tls.caFile,
    certFile: certFile ?? tls.certFile,
    keyFile: keyFile ?? tls.keyFile,
    servername: servername ?? tls.servername,
    ciphers: ciphersOf(ciphers ?? tls.ciphers, flags.cipherSuites),
  };
}

/** Node has one list for both: names of TLS 1.3 begin with `TLS_`. */
function ciphersOf(ciphers: string | null, suites: string | undefined): string | null {
  if (suites === undefined) return ciphers;
  const older =
    ciphers ??
    DEFAULT_CIPHERS.split(":")
      .filter((name) => !name.startsWith("TLS_"))
      .join(":");
  return `${suites}:${older}`;
}

function tlsOptions({ insecure, caBase64, caFolder }: TargetFlags): TlsOptions {
  return {
    ...(insecure && { dangerouslySkipVerification: true }),
    ...(caBase64 !== undefined && { ca: Buffer.from(caBase64, "base64").toString() }),
    ...(caFolder !== undefined && { ca: certificatesIn(caFolder) }),
  };
}

const pem = /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g;

function certificatesIn(folder: string): string[] {
  try {
    const found = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .flatMap(({ name }) => readFileSync(join(folder, name), "latin1").match(pem) ?? []);
    if (found.length > 0) return [...new Set(found)];
  } catch (cause) {
    throw new RedoubtError("CONFIG_FILE", "The folder of --cacertdir cannot be read.", { cause });
  }
  throw new RedoubtError("CONFIG_FILE", "The folder of --cacertdir holds no certificate (PEM).");
}

async function inFamily(target: Target, family: 4 | 6): Promise<Target> {
  const [endpoint] = target.endpoints;
  if (endpoint === undefined || endpoint.path !== undefined || isIP(endpoint.host) !== 0) return target;
  const { host } = endpoint;
  try {
    const { address } = await lookup(host, { family });
    return {
      ...target,
      endpoints: [{ ...endpoint, host: address }],
      tls: { ...target.tls, servername: target.tls.servername ?? host },
    };
  } catch (cause) {
    throw new RedoubtError("DNS_NOT_FOUND", `${host} has no IPv${family} address`, {
      address: host,
      stage: "dns",
      cause,
    });
  }
}

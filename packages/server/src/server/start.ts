import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { certificateKinds } from "../certificates/kinds.ts";
import { findBinary } from "./binary.ts";
import { checkLines, type Directive, formatConfig, quote } from "./config.ts";
import { type Facts, type Ports, serverDirectives } from "./directives.ts";
import { Identity } from "./identity.ts";
import { Installation } from "./installation.ts";
import { type Listening, listenings, madeUpPassword, type Primary, type ServerOptions } from "./options.ts";
import { freePorts } from "./ports.ts";
import { RedisServer } from "./server.ts";

/** What a server does beyond serving data: a sentinel watches, a cluster node talks on a bus. */
export interface Role {
  /** Arguments behind the configuration file. */
  readonly argv: readonly string[];
  /** Whether it needs a port for the cluster bus. */
  readonly bus: boolean;
  /** Further configuration, once the ports are known. */
  readonly directives: (ports: Ports) => readonly Directive[];
}

const dataServer: Role = { argv: [], bus: false, directives: () => [] };

/** Redis and Valkey say the first, a sentinel the second. Both come after the ports were opened. */
const readyLine = /Ready to accept connections|Sentinel ID is/;

/** Tries on ports that somebody else was quicker to take. */
const portAttempts = 5;

/**
 * Starts a real redis-server (or valkey-server) and resolves when it serves. By default it speaks TLS only, on a free port
 * of the loopback address, with a certificate of its own authority and a made-up password, and keeps no data.
 *
 * ```ts
 * await using server = await startServer();
 * connect(server.uri);
 * ```
 *
 * @throws Error when the program is missing (naming the packages), an option is wrong (naming it), or the server does not
 *   start (with the last lines of its log)
 */
export function startServer(options: ServerOptions = {}): Promise<RedisServer> {
  return launch(options, dataServer);
}

/** Starts a server in a role. The topologies are made of these. */
export async function launch(given: ServerOptions, role: Role): Promise<RedisServer> {
  const options = await checked(given);
  const users = passwords(options);
  const primary = options.replicaOf ? primaryOf(options.replicaOf) : null;
  const installation = await Installation.create({
    binary: await findBinary(options.binary),
    argv: role.argv,
    readyLine,
    startTimeout: options.startTimeout ?? 30_000,
    logLines: options.logLines ?? 200,
    onLine: options.onLine,
    // Also as they stand in the configuration file: the server repeats a line that it does not like.
    secrets: [...Object.values(users), primary?.password ?? null].flatMap((text) =>
      text === null ? [] : [text, quote(text)],
    ),
  });
  try {
    const { listen = "tls", bind = ["127.0.0.1", "-::1"] } = options;
    const identity = opens(listen).tls ? await Identity.create(options, installation.folder) : null;
    const address = dialable(bind[0] ?? "");
    const config = (ports: Ports) => {
      const { path: folder } = installation.folder;
      const tls = identity && { caFile: identity.caFile, ...identity.served.files };
      const facts: Facts = { options, ports, folder, bind, password: users.default, tls, primary };
      return formatConfig([...serverDirectives(facts), ...role.directives(ports)], options.config);
    };
    const ports = await startOnFreePorts(installation, options, role, address, config);
    return new RedisServer({
      installation,
      ports,
      host: hostFor(address, identity),
      address,
      identity,
      users,
      posing: listen === "plain-posing-as-tls",
    });
  } catch (error) {
    await installation.remove();
    throw error;
  }
}

/** Checks what can be checked before anything is made, and makes the caller's folder. */
async function checked(options: ServerOptions): Promise<ServerOptions> {
  checkLines(options.config ?? []);
  if (options.users && "default" in options.users)
    throw new Error('option "users": the user "default" gets its password from the option "password"');
  const named = Object.entries(options.users ?? {}).map(([name, user]) => [
    `users.${name}.password`,
    user.password,
  ]);
  for (const [option, password] of [["password", options.password], ...named])
    if (password === "") throw new Error(`option "${option}": is empty; give a password, or false for none`);
  if (options.bind?.length === 0) throw new Error('option "bind": give at least one address');
  oneOf("listen", options.listen, listenings);
  if (typeof options.certificate === "string") oneOf("certificate", options.certificate, certificateKinds);
  const { replicaOf, authority = replicaOf?.tlsPort ? replicaOf.authority : undefined } = options;
  const directory = options.directory === undefined ? undefined : resolve(options.directory);
  if (directory !== undefined) await mkdir(directory, { recursive: true, mode: 0o700 });
  return { ...options, ...(authority && { authority }), ...(directory !== undefined && { directory }) };
}

/** For callers without a compiler. */
function oneOf(option: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  throw new Error(`option "${option}": ${JSON.stringify(value)} is none of ${allowed.join(", ")}`);
}

function passwords({
  password,
  users = {},
}: ServerOptions): { default: string | null } & Record<string, string | null> {
  const made = password ?? madeUpPassword();
  const others = Object.entries(users).map(([name, user]) => [
    name,
    user.password === false ? null : user.password,
  ]);
  return { ...Object.fromEntries(others), default: made === false ? null : made };
}

function primaryOf(server: Primary): NonNullable<Facts["primary"]> {
  const port = server.tlsPort ?? server.port;
  if (port === null) throw new Error('option "replicaOf": that server has no port');
  return { host: server.address, port, tls: server.tlsPort !== null, password: server.password };
}

const opens = (listen: Listening) => ({
  tls: listen === "tls" || listen === "both",
  plain: listen !== "tls",
});

/** An address to dial for one to listen on: `-::1` is an optional address, `*` and the zero addresses mean all. */
function dialable(bind: string): string {
  const address = bind.replace(/^-/, "");
  if (address === "*" || address === "0.0.0.0") return "127.0.0.1";
  return address === "::" ? "::1" : address;
}

function hostFor(address: string, identity: Identity | null): string {
  const loopback = address === "127.0.0.1" || address === "::1";
  return loopback && (identity?.names.includes("localhost") ?? true) ? "localhost" : address;
}

async function startOnFreePorts(
  installation: Installation,
  options: ServerOptions,
  role: Role,
  address: string,
  config: (ports: Ports) => string,
): Promise<Ports> {
  const wants = opens(options.listen ?? "tls");
  for (let attempt = 1; ; attempt++) {
    const [first, second, third] = (await freePorts(3, address)) as [number, number, number];
    const ports: Ports = {
      plain: wants.plain ? options.port || first : null,
      tls: wants.tls ? options.tlsPort || second : null,
      bus: role.bus ? third : null,
    };
    try {
      await installation.start(config(ports), options.signal);
      return ports;
    } catch (error) {
      const mayMove = !options.port && !options.tlsPort;
      if (!(mayMove && installation.portWasTaken) || attempt === portAttempts) throw error;
    }
  }
}

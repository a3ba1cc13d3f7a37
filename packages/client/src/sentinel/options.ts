import { ClientSideCache, type ClientSideCacheOptions } from "../cache/client-side-cache.ts";
import { type ClientOptions, resolveSettings, type Settings } from "../client/options.ts";
import { nearestName } from "../config/nearest.ts";
import { parse } from "../config/parse.ts";
import type { Endpoint, Target } from "../config/target.ts";
import type { AddressMap } from "../discovery/address-map.ts";
import { SentinelRoute } from "../discovery/sentinel-route.ts";
import type { HostFilter } from "../discovery/sentinel-targets.ts";
import { RedoubtError } from "../errors.ts";
import { poolSize } from "../pool/host-pool.ts";
import { library } from "../version.ts";

/** The port of Sentinels where none is said. */
const sentinelPort = 26_379;

/** A Sentinel, as node-redis has it. */
export interface SentinelNode {
  readonly host: string;
  /** Default 26379. */
  readonly port?: number;
}

/** Options of the connections to servers of one kind. Where they lead to is for the Sentinels to say. */
export type NodeClientOptions = Omit<ClientOptions, "url" | "target" | "commandOptions" | "socket"> & {
  readonly socket?: Omit<NonNullable<ClientOptions["socket"]>, "host" | "port" | "path">;
};

/**
 * Options of {@link createSentinel}; names are node-redis's. TLS is said once, for Sentinels and data servers alike: in the
 * connection string, in `nodeClientOptions` or in `sentinelClientOptions`. Where only one of the two is to have it, say
 * `socket: { tls: false }` for the other.
 */
export interface SentinelOptions {
  /** Name of the master. Default: the one of the connection string. */
  readonly name?: string;
  /**
   * Connection string of the Sentinels, in any dialect. Its password is that of the data servers when it names the master
   * (`sentinel=`, `serviceName=`; the Sentinels have `sentinelpassword=`), else that of both.
   */
  readonly url?: string;
  /** The Sentinels, instead of `url`. Three are enough; they tell of the others. */
  readonly sentinelRootNodes?: readonly SentinelNode[];
  /** For the data servers: credentials, TLS, database… */
  readonly nodeClientOptions?: NodeClientOptions;
  /** For the Sentinels: credentials, TLS. */
  readonly sentinelClientOptions?: NodeClientOptions;
  readonly commandOptions?: ClientOptions["commandOptions"];
  /** Keeps replies until the server that gave them says that their keys have changed; RESP3 only. */
  readonly clientSideCache?: ClientSideCache | ClientSideCacheOptions;
  /** How many clients `use` and `acquire` may lend at a time, besides the one that all others share. Default 1. */
  readonly masterPoolSize?: number;
  /** How long `use` and `acquire` wait for a client, ms; 0: as long as it takes. Default 10,000. */
  readonly acquireTimeout?: number;
  /** How many connections are held to each replica. From 1, commands that only read go to replicas. Default 0. */
  readonly replicaPoolSize?: number;
  /** Where announced addresses are reached from here, see {@link AddressMap}. */
  readonly nodeAddressMap?: AddressMap;
  /** Makes the connection string of a data server from its address, after `nodeAddressMap`; see {@link HostFilter}. */
  readonly hostFilter?: HostFilter;
  /** How often the Sentinels are asked although none has told of a change, ms. Default 10,000. */
  readonly scanInterval?: number;
}

const known = [
  "name",
  "url",
  "sentinelRootNodes",
  "nodeClientOptions",
  "sentinelClientOptions",
  "commandOptions",
  "clientSideCache",
  "masterPoolSize",
  "acquireTimeout",
  "replicaPoolSize",
  "nodeAddressMap",
  "hostFilter",
  "scanInterval",
] as const satisfies readonly (keyof SentinelOptions)[];

/** {@link SentinelOptions} with everything decided. */
export interface SentinelPlan {
  /** Of the clients that lead to the master. */
  readonly settings: Settings;
  readonly route: SentinelRoute;
  readonly masterPoolSize: number;
  readonly acquireTimeout: number;
  readonly replicaPoolSize: number;
}

/**
 * Decides everything that the options leave open.
 * @throws RedoubtError of the family `CONFIG_`
 */
export function planSentinel(options: SentinelOptions): SentinelPlan {
  checkKeys(options);
  const base = baseTarget(options);
  const masterName = options.name ?? base.sentinel?.masterName;
  if (masterName === undefined || masterName === "") {
    const hint = 'Say name: "mymaster", or write ?sentinel=mymaster in the connection string.';
    throw new RedoubtError("CONFIG_MISSING", "name: which master of the Sentinels is meant?", { hint });
  }
  const { nodeClientOptions: node = {}, sentinelClientOptions: own = {} } = options;
  const { commandOptions, clientSideCache } = options;
  checkSocket("nodeClientOptions", node);
  checkSocket("sentinelClientOptions", own);
  const data = resolveSettings(
    {
      ...withTlsOf(node, own),
      target: { ...base, sentinel: null },
      ...(commandOptions !== undefined && { commandOptions }),
      ...(clientSideCache !== undefined && { clientSideCache }),
    },
    library,
  );
  const sentinels = resolveSettings({ ...withTlsOf(own, node), target: sentinelTarget(base) }, library);
  const { nodeAddressMap: addressMap, hostFilter, scanInterval } = options;
  const route = new SentinelRoute({
    masterName,
    sentinels: { target: sentinels.target, options: sentinels.dial, addressMap },
    data: { target: data.target, options: data.dial, addressMap, hostFilter },
    connectTimeout: sentinels.dial.connectTimeout,
    scanInterval: scanInterval === undefined ? undefined : poolSize("scanInterval", scanInterval),
  });
  const { username, password } = sentinels.target;
  return {
    settings: {
      ...data,
      route,
      target: { ...data.target, sentinel: { masterName, username, password } },
      // One for all: what the master is told to change must not be read from what a replica gave before.
      clientSideCache: data.clientSideCache && ClientSideCache.of(data.clientSideCache),
    },
    route,
    masterPoolSize: poolSize("masterPoolSize", options.masterPoolSize ?? 1),
    acquireTimeout: options.acquireTimeout ?? 10_000,
    replicaPoolSize: options.replicaPoolSize ? poolSize("replicaPoolSize", options.replicaPoolSize) : 0,
  };
}

function checkKeys(options: object): void {
  for (const key of Object.keys(options)) {
    if ((known as readonly string[]).includes(key)) continue;
    const near = nearestName(key, known);
    const advice = near === null ? `known are ${known.join(", ")}` : `did you mean ${near}?`;
    throw new RedoubtError("CONFIG_UNKNOWN_KEY", `Unknown option ${key} of createSentinel: ${advice}`);
  }
}

function checkSocket(where: string, { socket = {} }: NodeClientOptions): void {
  for (const key of ["host", "port", "path"]) {
    if (!Object.hasOwn(socket, key)) continue;
    const hint =
      "Name the Sentinels in url or sentinelRootNodes; to change addresses that they announce, use nodeAddressMap.";
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      `${where}.socket.${key}: the Sentinels say where to connect to`,
      { hint },
    );
  }
}

function baseTarget({ url, sentinelRootNodes }: SentinelOptions): Target {
  if (url !== undefined && sentinelRootNodes !== undefined) {
    throw new RedoubtError(
      "CONFIG_AMBIGUOUS",
      "url and sentinelRootNodes both name Sentinels: give one of them",
    );
  }
  if (sentinelRootNodes === undefined) return onSentinelPorts(url ?? "localhost");
  if (sentinelRootNodes.length === 0)
    throw new RedoubtError("CONFIG_NO_ENDPOINT", "sentinelRootNodes is empty: name at least one Sentinel");
  const endpoints = sentinelRootNodes.map(({ host, port = sentinelPort }): Endpoint => ({ host, port }));
  // Hosts and ports are the caller's; all else is as nothing had been said.
  return {
    ...parse("redis://localhost"),
    endpoints,
    tls: { ...parse("redis://localhost").tls, servername: null },
  };
}

/** ServiceStack's dialect takes `ssl=true` without a port for the TLS port of data servers, where no Sentinel is. */
function onSentinelPorts(url: string): Target {
  const target = parse(url, { defaultPort: sentinelPort });
  const endpoints = target.endpoints.map((endpoint) =>
    endpoint.path !== undefined || url.includes(`:${endpoint.port}`)
      ? endpoint
      : { ...endpoint, port: sentinelPort },
  );
  return { ...target, endpoints };
}

/** The Sentinels' own credentials where the string has a word for them, else the only ones there are. */
function sentinelTarget(base: Target): Target {
  const { username, password } = base.sentinel ?? base;
  return { ...base, username, password, database: null, sentinel: null };
}

/** TLS that was said for the one kind of server only is meant for the other, too. */
function withTlsOf(own: NodeClientOptions, other: NodeClientOptions): NodeClientOptions {
  if (own.tls !== undefined || own.socket?.tls !== undefined) return own;
  const { tls } = other;
  return {
    ...own,
    ...(tls !== undefined && { tls }),
    ...(other.socket?.tls !== undefined && { socket: { ...own.socket, tls: other.socket.tls } }),
  };
}

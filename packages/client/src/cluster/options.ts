import type { ClientSideCache, ClientSideCacheOptions } from "../cache/client-side-cache.ts";
import { type ClientOptions, resolveSettings, type Settings } from "../client/options.ts";
import type { Scripts } from "../client/script.ts";
import { nearestName } from "../config/nearest.ts";
import { parse } from "../config/parse.ts";
import type { Endpoint, Target } from "../config/target.ts";
import type { AddressMap } from "../discovery/address-map.ts";
import { RedoubtError } from "../errors.ts";
import { library } from "../version.ts";

/** Options of `createCluster`, named as in node-redis where it has them. */
export interface ClusterOptions {
  /** A connection string in any dialect; its endpoints are the seeds. Instead of `rootNodes`. */
  readonly url?: string;
  /** A connection string that was parsed before, in place of `url`. */
  readonly target?: Target;
  /** The seeds: any nodes, from which the others are learnt. What the first one says goes for all nodes, see `defaults`. */
  readonly rootNodes?: readonly ClientOptions[];
  /** What goes for every node: credentials, TLS, deadlines. Wins over what the first of the seeds says. */
  readonly defaults?: ClientOptions;
  /** Keeps replies until the node that gave them says that their keys have changed, or the cluster changes; RESP3 only. */
  readonly clientSideCache?: ClientSideCache | ClientSideCacheOptions;
  /** Scripts that become methods, by their names; see `defineScript`. */
  readonly scripts?: Scripts;
  /** Whether commands that only read may go to replicas, which may lag behind. Default false. */
  readonly useReplicas?: boolean;
  /** Whether nodes are connected only when they are needed. Default false: `connect()` connects all primaries. */
  readonly minimizeConnections?: boolean;
  /** How often one command may be sent on to another node. Default 16. */
  readonly maxCommandRedirections?: number;
  /** Where nodes are reached from here, when not at the addresses that they announce. */
  readonly nodeAddressMap?: AddressMap;
  /** How often the topology is read although nothing happened, ms; 0: never. Default 60,000. */
  readonly topologyRefreshInterval?: number;
  /** How long one node may take to tell the topology once it is connected, ms. Default 5000. */
  readonly topologyTimeout?: number;
}

/** {@link ClusterOptions} with everything decided. */
export interface ClusterSettings {
  /** Settings of every node; the endpoints of its target are the seeds'. */
  readonly node: Settings;
  /** Seeds, each with settings of its own. */
  readonly seeds: readonly { readonly endpoint: Endpoint; readonly settings: Settings }[];
  /** The name that all nodes must prove, when one was said; else null: see `names.ts`. */
  readonly servername: string | null;
  readonly useReplicas: boolean;
  readonly minimizeConnections: boolean;
  readonly maxRedirections: number;
  readonly addressMap: AddressMap | undefined;
  readonly refreshInterval: number;
  readonly topologyTimeout: number;
}

const known = [
  "url",
  "target",
  "rootNodes",
  "defaults",
  "clientSideCache",
  "scripts",
  "useReplicas",
  "minimizeConnections",
  "maxCommandRedirections",
  "nodeAddressMap",
  "topologyRefreshInterval",
  "topologyTimeout",
];

/**
 * Decides everything that options and connection strings leave open.
 * @throws RedoubtError of the family `CONFIG_`
 */
export function resolveCluster(given: string | ClusterOptions): ClusterSettings {
  const options = typeof given === "string" ? { url: given } : given;
  checkKeys(options);
  const { scripts, clientSideCache } = options;
  const defaults = {
    ...options.defaults,
    ...(scripts !== undefined && { scripts }),
    ...(clientSideCache !== undefined && { clientSideCache }),
  };
  const roots = rootsOf(options);
  const first = roots[0] as ClientOptions;
  const node = resolveSettings(merge(first, defaults), library);
  const resolved = roots.map((root) => resolveSettings(merge(defaults, root), library));
  if (resolved.some(({ target }) => target.tls.enabled !== node.target.tls.enabled)) {
    const message = "rootNodes: some ask for TLS and some for plain text; a cluster is one or the other";
    throw new RedoubtError("CONFIG_INSECURE", message);
  }
  return {
    node,
    seeds: resolved.flatMap((settings) =>
      settings.target.endpoints.map((endpoint) => ({ endpoint, settings })),
    ),
    servername: saidName(node),
    useReplicas: options.useReplicas ?? false,
    minimizeConnections: options.minimizeConnections ?? false,
    maxRedirections: wholeNumber("maxCommandRedirections", options.maxCommandRedirections, 16),
    addressMap: options.nodeAddressMap,
    refreshInterval: wholeNumber("topologyRefreshInterval", options.topologyRefreshInterval, 60_000),
    topologyTimeout: wholeNumber("topologyTimeout", options.topologyTimeout, 5000),
  };
}

function rootsOf({ url, target, rootNodes }: ClusterOptions): readonly ClientOptions[] {
  const named = Object.entries({ url, target, rootNodes }).filter(([, value]) => value !== undefined);
  if (named.length > 1) {
    const names = named.map(([name]) => name).join(" and ");
    throw new RedoubtError("CONFIG_AMBIGUOUS", `${names} both say where the cluster is: give one of them`);
  }
  if (rootNodes === undefined) return [{ target: target ?? parse(url ?? "redis://localhost:6379") }];
  if (rootNodes.length > 0) return rootNodes;
  throw new RedoubtError("CONFIG_NO_ENDPOINT", "rootNodes is empty: name at least one node of the cluster");
}

/** Client options laid over others. */
function merge(below: ClientOptions, above: ClientOptions): ClientOptions {
  const { url, target, ...rest } = above;
  const place = url === undefined && target === undefined ? {} : { url, target };
  const socket = { ...below.socket, ...above.socket };
  const merged = {
    ...below,
    ...rest,
    ...place,
    tls: { ...below.tls, ...above.tls },
    socket: {
      ...socket,
      ...(typeof below.socket?.tls === "object" &&
        typeof above.socket?.tls === "object" && { tls: { ...below.socket.tls, ...above.socket.tls } }),
    },
  };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== undefined),
  ) as ClientOptions;
}

/** A name that was said outright, not taken from the endpoints. */
function saidName({ target, dial }: Settings): string | null {
  if (dial.tls?.servername !== undefined) return dial.tls.servername;
  const { servername } = target.tls;
  return target.endpoints.some(({ host }) => host === servername) ? null : servername;
}

function checkKeys(options: object): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const near = nearestName(key, known);
    const advice = near === null ? "what goes for every node belongs into defaults" : `did you mean ${near}?`;
    throw new RedoubtError("CONFIG_UNKNOWN_KEY", `Unknown option ${key} of a cluster: ${advice}`);
  }
}

function wholeNumber(key: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RedoubtError("CONFIG_INVALID_VALUE", `${key} must be a whole number from 0, not ${value}`);
}

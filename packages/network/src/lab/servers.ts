import { type Cache, isClustered } from "../model/cache.ts";

/** A redis-server of a cache. All of a cache run on its one machine, as clients see it on Azure: one address, many ports. */
export interface LabServer {
  /** Of its folder: `shard-0`. */
  readonly name: string;
  /** The port with TLS. */
  readonly tlsPort: number;
  /** The port without; `null` where it is off. */
  readonly plainPort: number | null;
  /** Slots that it serves; `null` outside a cluster. */
  readonly slots: readonly [first: number, last: number] | null;
}

/** The servers of a cache, and the ports that lead to the first of them. */
export interface LabServers {
  readonly servers: readonly LabServer[];
  /** Another port, and the one that it stands for. */
  readonly redirects: readonly (readonly [from: number, to: number])[];
}

const slotCount = 16_384;

/** Nodes of an Azure Managed Redis that a laboratory starts, whatever its size. */
const managedNodes = 2;

/**
 * Which servers a cache has, and at which ports: those that Microsoft's pages name. A clustered cache: 6380 for the first
 * connection, 1500N with TLS and 1300N without for shard N. Azure Managed Redis: 10000, and with the OSS policy 85xx for its
 * nodes.
 */
export function serversOf(cache: Cache): LabServers {
  const clustered = isClustered(cache);
  const plain = cache.plaintext === true;
  if (cache.kind !== "redis") {
    if (!clustered) return { servers: [server(0, 1, 10_000, null, false)], redirects: [] };
    return { servers: shards(managedNodes, 8500, null), redirects: [[10_000, 8500]] };
  }
  if (!clustered) return { servers: [server(0, 1, 6380, plain ? 6379 : null, false)], redirects: [] };
  return {
    servers: shards(Math.min(cache.shards ?? 1, 10), 15_000, plain ? 13_000 : null),
    redirects: [[6380, 15_000], ...(plain ? [[6379, 13_000] as const] : [])],
  };
}

function shards(count: number, tlsFrom: number, plainFrom: number | null): LabServer[] {
  return Array.from({ length: count }, (_, index) =>
    server(index, count, tlsFrom + index, plainFrom === null ? null : plainFrom + index, true),
  );
}

function server(
  index: number,
  count: number,
  tlsPort: number,
  plainPort: number | null,
  clustered: boolean,
): LabServer {
  const at = (part: number) => Math.floor((part * slotCount) / count);
  const slots = clustered ? ([at(index), at(index + 1) - 1] as const) : null;
  return { name: `shard-${index}`, tlsPort, plainPort, slots };
}

/**
 * What `nft -f -` reads on the machine of a cache: the ports that stand for others, also where it dials itself.
 *
 * @param address of the cache
 */
export function redirectRules({ redirects }: LabServers, address: string): string {
  const lines = redirects.map(([from, to]) => `    ip daddr ${address} tcp dport ${from} redirect to :${to}`);
  if (lines.length === 0) return "flush ruleset\n";
  const chain = (hook: string) =>
    `  chain ${hook} {\n    type nat hook ${hook} priority -100; policy accept;\n${lines.join("\n")}\n  }`;
  return `flush ruleset\ntable ip redoubt {\n${chain("prerouting")}\n${chain("output")}\n}\n`;
}

/** What a server is told, besides what every one is. */
export interface ServerSetting {
  readonly folder: string;
  /** Of the cache. */
  readonly address: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  readonly password: string;
}

/** The directives of its configuration file, name first, not quoted. */
export function serverDirectives(
  { tlsPort, plainPort, slots }: LabServer,
  { folder, address, certFile, keyFile, caFile, password }: ServerSetting,
): (readonly [name: string, ...values: string[]])[] {
  return [
    ["bind", "0.0.0.0"],
    ["protected-mode", "no"],
    ["port", String(plainPort ?? 0)],
    ["tls-port", String(tlsPort)],
    ["tls-cert-file", certFile],
    ["tls-key-file", keyFile],
    ["tls-ca-cert-file", caFile],
    ["tls-auth-clients", "no"],
    ["unixsocket", socketPath(folder)],
    ["unixsocketperm", "700"],
    ["dir", folder],
    ["save", ""],
    ["appendonly", "no"],
    ["requirepass", password],
    ["maxmemory", "64mb"],
    ...(slots === null
      ? []
      : ([
          ["cluster-enabled", "yes"],
          ["cluster-announce-ip", address],
          ["cluster-node-timeout", "5000"],
          ["tls-cluster", "yes"],
        ] as const)),
  ];
}

/** The Unix socket by which a server is told what only its keeper says. */
export function socketPath(folder: string): string {
  return `${folder}/redis.sock`;
}

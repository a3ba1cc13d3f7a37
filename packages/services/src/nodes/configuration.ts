import { join } from "node:path";
import type { Directive } from "@redoubt/server/launch";
import type { Settings } from "../contract/settings.ts";
import { type CertificateFiles, certificateFiles } from "../identity/certificates.ts";
import type { ServicePlaces } from "../state/places.ts";
import type { NodeRecord, ServiceRecord } from "../state/record.ts";

/** What the configuration of a server is made of. */
export interface ConfigurationGround {
  readonly record: ServiceRecord;
  readonly places: ServicePlaces;
  readonly settings: Settings;
  /** Of the plan. */
  readonly topology: "single" | "replicated" | "cluster";
}

/** Name by which Sentinels know the service. */
export const masterName = "redoubt";

/** When snapshots are written, in the words of `save`: every ten minutes if something changed. */
const snapshots = "600 1";

/** How long a server must be silent until a Sentinel takes it for gone, ms. */
const downAfter = 3_000;

/** How long a node of a cluster must be silent until the others take it for gone, ms. */
export const nodeTimeout = 5_000;

/** Lines of the file that a server has changed itself, and that go on: whom it follows. */
const kept = {
  data: /^(?:replicaof|slaveof) /,
  sentinel:
    /^sentinel (?:myid|monitor|config-epoch|leader-epoch|current-epoch|known-replica|known-slave|known-sentinel) /,
} as const;

/** Where the files of one server lie. */
export interface NodeFiles {
  readonly folder: string;
  readonly data: string;
  readonly config: string;
  readonly acl: string;
  readonly pid: string;
  readonly log: string;
  /** What it says before it knows where to write its log. */
  readonly words: string;
  readonly socket: string;
}

export function nodeFiles(places: ServicePlaces, { name, kind }: NodeRecord): NodeFiles {
  const folder = places.node(name);
  return {
    folder,
    data: join(folder, "data"),
    config: join(folder, kind === "data" ? "redis.conf" : "sentinel.conf"),
    acl: join(folder, "users.acl"),
    pid: join(folder, "server.pid"),
    log: join(places.logs, `${name}.log`),
    words: join(folder, "start.log"),
    socket: places.nodeSocket(name),
  };
}

/**
 * The configuration of a server, as it should be.
 * @param before what the file holds now: lines in which the server keeps whom it follows are taken over
 */
export function nodeDirectives(ground: ConfigurationGround, node: NodeRecord): Directive[] {
  return node.kind === "data" ? dataDirectives(ground, node) : sentinelDirectives(ground, node);
}

/** Lines of an earlier configuration that go on. */
export function keptLines(node: NodeRecord, before: string | null): string[] {
  return (before ?? "").split("\n").filter((line) => kept[node.kind].test(line));
}

/** Lines that a server begins with when it has kept none: whom it follows, whom it watches. */
export function firstLines({ record, topology }: ConfigurationGround, node: NodeRecord): Directive[] {
  const [first] = record.nodes;
  if (topology !== "replicated" || first === undefined) return [];
  if (node.kind === "sentinel") {
    const sentinels = record.nodes.filter(({ kind }) => kind === "sentinel").length;
    const quorum = Math.floor(sentinels / 2) + 1;
    return [["sentinel", "monitor", masterName, "127.0.0.1", String(first.port), String(quorum)]];
  }
  return node.name === first.name ? [] : [["replicaof", "127.0.0.1", String(first.port)]];
}

/** Whether other clients than the servers themselves may come to the TLS port of this node: those have certificates. */
export function clientsAtNode({ record, settings }: ConfigurationGround): boolean {
  return record.route === "direct" && settings.tls;
}

function shared(ground: ConfigurationGround, node: NodeRecord): Directive[] {
  const { record, places } = ground;
  const files = nodeFiles(places, node);
  return [
    ["bind", "127.0.0.1", "-::1"],
    ["protected-mode", "no"],
    ["daemonize", "no"],
    // The command line goes on naming the configuration file: by it a server is recognised.
    ["set-proc-title", "no"],
    ["pidfile", files.pid],
    ["logfile", files.log],
    ["dir", files.data],
    ["unixsocket", files.socket],
    ["unixsocketperm", "700"],
    ...tlsDirectives(certificateFiles(places, record.certificate), places.project.caFile),
  ];
}

function tlsDirectives({ certFile, keyFile }: CertificateFiles, caFile: string): Directive[] {
  return [
    ["tls-cert-file", certFile],
    ["tls-key-file", keyFile],
    ["tls-ca-cert-file", caFile],
    ["tls-replication", "yes"],
  ];
}

function dataDirectives(ground: ConfigurationGround, node: NodeRecord): Directive[] {
  const { record, settings, topology, places } = ground;
  const { operator } = record;
  return [
    ...shared(ground, node),
    ["port", String(plainPortOf(ground, node))],
    ["tls-port", String(tlsPortOf(ground, node))],
    ["tls-auth-clients", clientsAtNode(ground) || topology === "cluster" ? "no" : "yes"],
    ["aclfile", nodeFiles(places, node).acl],
    ["masteruser", operator.username],
    ["masterauth", operator.password],
    // Not five seconds: on one machine replicas come together.
    ["repl-diskless-sync-delay", "0"],
    ...persistenceDirectives(settings),
    ...(topology === "cluster" ? clusterDirectives(node) : []),
    ...settings.directives.map((line) => line as Directive),
  ];
}

/** The port of the node that a client of a plain cluster comes to. */
export function plainPortOf({ settings, topology }: ConfigurationGround, node: NodeRecord): number {
  return topology === "cluster" && !settings.tls ? node.plainPort : 0;
}

/**
 * The TLS port of a node. A single one whose port clients know, and who are to come in plain text now, leaves it to those who
 * tell them so.
 */
export function tlsPortOf({ record, settings, topology }: ConfigurationGround, node: NodeRecord): number {
  return topology === "single" && record.route === "direct" && !settings.tls ? 0 : node.port;
}

/** What keeps data over a crash: what was acknowledged is in the operating system's hands; snapshots are for backups. */
export function persistenceDirectives({ persistence }: Settings): Directive[] {
  const on = persistence === "rdb";
  return [
    ["appendonly", on ? "yes" : "no"],
    // "everysec" holds writes back for up to two seconds while an fsync is under way (flushAppendOnlyFile): a server that is
    // killed then loses what it has acknowledged. With "no" every write is the operating system's before the reply goes out.
    ["appendfsync", "no"],
    ["save", on ? snapshots : ""],
  ];
}

function clusterDirectives(node: NodeRecord): Directive[] {
  return [
    ["cluster-enabled", "yes"],
    ["cluster-port", String(node.busPort)],
    // Both, always: then the others know the plain port already when it is opened (Redis 7.0 tells a new one with delay).
    ["cluster-announce-tls-port", String(node.port)],
    ["cluster-announce-port", String(node.plainPort)],
    ["cluster-node-timeout", String(nodeTimeout)],
    ["cluster-announce-hostname", "localhost"],
    ["cluster-preferred-endpoint-type", "hostname"],
    ["tls-cluster", "yes"],
  ];
}

function sentinelDirectives(ground: ConfigurationGround, node: NodeRecord): Directive[] {
  const { operator } = ground.record;
  return [
    ...shared(ground, node),
    ["port", "0"],
    ["tls-port", String(node.port)],
    ["tls-auth-clients", "yes"],
    ["requirepass", operator.password],
    ["sentinel", "sentinel-pass", operator.password],
  ];
}

/** What Sentinels are told of the service, behind the line that names it. */
export function watchDirectives({ record }: ConfigurationGround): Directive[] {
  const { operator } = record;
  return [
    ["sentinel", "auth-user", masterName, operator.username],
    ["sentinel", "auth-pass", masterName, operator.password],
    ["sentinel", "down-after-milliseconds", masterName, String(downAfter)],
    ["sentinel", "failover-timeout", masterName, "6000"],
    ["sentinel", "parallel-syncs", masterName, "1"],
  ];
}

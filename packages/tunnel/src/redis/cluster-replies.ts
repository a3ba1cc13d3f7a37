import { type ReplyTree, readTree, writeTree } from "../resp/reply-tree.ts";

/** Where a node of a cluster is, as the cluster says. */
export interface AnnouncedNode {
  /** Empty: where it was asked. */
  readonly host: string;
  readonly port: number;
  /** Its host name where it announces one besides an address. */
  readonly hostname: string | null;
}

/** Where local programs find a node. */
export interface LocalNode {
  readonly host: string;
  readonly port: number;
}

/** Finds the local place of a node; null leaves the address as it is. */
export type Place = (node: AnnouncedNode) => LocalNode | null;

/** Subcommands of CLUSTER that tell addresses. */
export const tellingAddresses: ReadonlySet<string> = new Set([
  "SLOTS",
  "SHARDS",
  "NODES",
  "REPLICAS",
  "SLAVES",
]);

/**
 * Puts local addresses in place of those that a reply to CLUSTER tells. What is no such reply (an error) stays as it is.
 * @param sub upper case
 */
export function localised(sub: string, reply: Buffer, place: Place): Buffer {
  if (reply[0] === 45) return reply;
  const tree = readTree(reply);
  if (sub === "SLOTS") inSlots(tree, place);
  else if (sub === "SHARDS") inShards(tree, place);
  else if (sub === "NODES") inText(tree, place);
  else for (const line of tree.items ?? []) inText(line, place);
  return writeTree(tree);
}

/** `MOVED slot host:port` or `ASK …`, with the local address; other errors stay as they are. */
export function localisedRedirection(reply: Buffer, place: Place): Buffer {
  if (reply[1] !== 77 && reply[1] !== 65) return reply;
  const text = reply.toString("latin1");
  const { what, slot, host, port } =
    /^-(?<what>MOVED|ASK) (?<slot>\d+) (?<host>\S*):(?<port>\d+)\r\n$/.exec(text)?.groups ?? {};
  if (what === undefined) return reply;
  const local = place({ host: host === "?" ? "" : (host as string), port: Number(port), hostname: null });
  if (local === null) return reply;
  return Buffer.from(`-${what} ${slot} ${local.host}:${local.port}\r\n`, "latin1");
}

/** `[[from, to, [host, port, id, metadata], …], …]` */
function inSlots(tree: ReplyTree, place: Place): void {
  for (const range of tree.items ?? []) {
    for (const node of range.items?.slice(2) ?? []) {
      const [host, port, , metadata] = node.items ?? [];
      if (host === undefined || port === undefined) continue;
      const hostname = valueOf(metadata ?? null, "hostname")?.text ?? null;
      const local = place({ host: known(host.text), port: Number(port.text), hostname });
      if (local === null) continue;
      host.text = local.host;
      port.text = String(local.port);
      hide(metadata ?? null, ["hostname", "ip"], local.host);
    }
  }
}

/** `[{slots, nodes: [{id, port, tls-port, ip, endpoint, hostname, …}, …]}, …]` */
function inShards(tree: ReplyTree, place: Place): void {
  for (const shard of tree.items ?? []) {
    for (const node of valueOf(shard, "nodes")?.items ?? []) {
      const plain = valueOf(node, "port");
      const secure = valueOf(node, "tls-port");
      const endpoint = valueOf(node, "endpoint")?.text ?? valueOf(node, "ip")?.text ?? null;
      const hostname = valueOf(node, "hostname")?.text ?? null;
      const port = secure ?? plain;
      if (port === null) continue;
      const local = place({ host: known(endpoint), port: Number(port.text), hostname });
      if (local === null) continue;
      for (const each of [plain, secure]) if (each !== null) each.text = String(local.port);
      hide(node, ["endpoint", "ip", "hostname"], local.host);
    }
  }
}

/** Lines of `id host:port@bus,hostname flags …`. */
function inText(tree: ReplyTree, place: Place): void {
  if (tree.text === null) return;
  tree.text = tree.text.replace(
    /^(\S+ )(\S*):(\d+)(@\d+)?(?:,([^, ]*)\S*)?( )/gm,
    (line, id: string, host: string, port: string, bus: string | undefined, hostname: string | undefined) => {
      const local = place({ host: known(host), port: Number(port), hostname: hostname || null });
      return local === null ? line : `${id}${local.host}:${local.port}${bus ?? ""} `;
    },
  );
}

/** Redis says `?` or nothing where clients are to stay with the host that they asked. */
function known(host: string | null): string {
  return host === null || host === "?" ? "" : host;
}

function valueOf(map: ReplyTree | null, key: string): ReplyTree | null {
  const items = map?.items ?? [];
  for (let i = 0; i + 1 < items.length; i += 2) if (items[i]?.text === key) return items[i + 1] ?? null;
  return null;
}

/** Clients may prefer any of these: all say the same. */
function hide(map: ReplyTree | null, keys: readonly string[], host: string): void {
  for (const key of keys) {
    const value = valueOf(map, key);
    if (value !== null && value.type !== "_") value.text = host;
  }
}

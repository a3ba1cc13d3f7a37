import type { ControlConnection } from "@redoubt/server";
import type { CurrentQuery } from "../contract/metrics.ts";

/** A node whose clients are looked at, and what its ports mean. */
export interface ListedNode {
  /** `redis-1` */
  readonly name: string;
  readonly control: Pick<ControlConnection, "call">;
  /** Port to which clients come with TLS; null for none. */
  readonly tlsPort: number | null;
  /**
   * Where clients come in plain text: a port, the path of a socket that a plain door leads to, or `any` for every port but the TLS port;
   * null for nowhere.
   */
  readonly plainAt: number | string | null;
  /** Port, or path of the socket, that the terminator leads to; null where there is none. */
  readonly terminatorAt: number | string | null;
}

/** Users with whom nodes, Sentinels and the keeper log in. */
export interface ListOptions {
  /** Their connections are `internal`. Default: none. */
  readonly internalUsers?: readonly string[];
  /** Whether connections of the service itself are listed, too. Default false. */
  readonly internal?: boolean;
}

/**
 * Who is connected to a node and what they did last, by `CLIENT LIST`: those who are at work first, then by silence.
 * @throws Error when the node refuses
 */
export async function clientsOf(node: ListedNode, options: ListOptions = {}): Promise<CurrentQuery[]> {
  const reply = String(await node.control.call("CLIENT", "LIST"));
  const own = fieldsOf(String(await node.control.call("CLIENT", "INFO")))["id"];
  const clients = reply
    .split("\n")
    .filter((line) => line !== "")
    .map(fieldsOf)
    .map((fields) => clientOf(fields, node, fields["id"] === own, options.internalUsers ?? []));
  return clients
    .filter(({ route }) => options.internal === true || route !== "internal")
    .sort((a, b) => a.idle - b.idle || a.id - b.id);
}

function clientOf(
  fields: Readonly<Record<string, string>>,
  node: ListedNode,
  isSelf: boolean,
  internalUsers: readonly string[],
): CurrentQuery {
  const number = (name: string): number => Number(fields[name] ?? 0);
  const isInternal =
    isSelf || /[MS]/.test(fields["flags"] ?? "") || internalUsers.includes(fields["user"] ?? "");
  return {
    id: number("id"),
    node: node.name,
    query: (fields["cmd"] ?? "").replace(/^NULL$/, ""),
    idle: number("idle") * 1000,
    age: number("age") * 1000,
    address: fields["addr"] ?? "",
    name: fields["name"] ?? "",
    user: fields["user"] ?? "",
    database: number("db"),
    route: isInternal ? "internal" : routeOf(fields, node),
  };
}

/** The end of the connection that the server holds tells which way the client came. */
function routeOf(fields: Readonly<Record<string, string>>, node: ListedNode): CurrentQuery["route"] {
  const { terminatorAt, plainAt, tlsPort } = node;
  const local = fields["laddr"] ?? "";
  const port = Number(/:(\d+)$/.exec(local)?.[1] ?? Number.NaN);
  const came = (at: number | string | null): boolean => at !== null && (port === at || local === `${at}:0`);
  if (came(terminatorAt)) return "terminator";
  return came(plainAt) || (plainAt === "any" && port !== tlsPort) ? "plain" : "direct";
}

/** `id=3 addr=127.0.0.1:1 name= …`: names of clients have no spaces, and values may hold `=`. */
function fieldsOf(line: string): Readonly<Record<string, string>> {
  const pairs = line.trim().split(" ");
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute, program, type Run } from "./redoubt.ts";

/** Runs in a network of its own, with a loopback alone, and with mounts that nobody else sees. */
const alone = ["unshare", "--map-root-user", "--net", "--mount"] as const;

/** Why no network can be made here; empty where one can. */
export const missing =
  spawnSync(
    alone[0],
    [...alone.slice(1), "sh", "-c", "ip link set lo up; ip link add wire type veth peer name end"],
    { stdio: "ignore" },
  ).status === 0
    ? ""
    : "(skipped: no network namespace can be made here, or ip is missing)";

/** A cable of which nobody holds the other end, and a router there that takes everything and answers nothing. */
const wire = [
  "ip link add wire type veth peer name end",
  "ip link set wire up",
  "ip link set end up",
  "ip neigh add 10.254.0.1 lladdr 02:00:00:00:00:99 dev wire nud permanent",
  "ip route add 10.254.0.1/32 dev wire",
];

/** What a network of one machine is like. */
export interface OwnNetwork {
  /** Records of DNS servers by their address, see `dns-records.mjs`. */
  readonly dns?: Readonly<Record<string, Readonly<Record<string, readonly string[] | string>>>>;
  /** What `/etc/resolv.conf` says. Default: the DNS servers, the first one first. */
  readonly resolverFile?: string;
  readonly hostsFile?: string;
  /** Addresses of this machine on a wire that ends nowhere: what is sent to 10.9.0.0/16 vanishes. */
  readonly addresses?: readonly string[];
  /** Whether what is sent anywhere else goes to that wire, too. */
  readonly everywhere?: boolean;
  /** A program of Node that runs meanwhile. */
  readonly beside?: string;
}

/** Runs the built `redoubt` in such a network. Everything is gone when it ends. */
export async function redoubtIn(network: OwnNetwork, words: readonly string[]): Promise<Run> {
  const { dns = {}, addresses = [], everywhere = false, beside, hostsFile } = network;
  const servers = Object.keys(dns);
  const resolverFile =
    network.resolverFile ??
    `${servers.map((server) => `nameserver ${server}\n`).join("")}options timeout:1 attempts:1\n`;
  const folder = mkdtempSync(join(tmpdir(), "redoubt-own-network-"));
  try {
    const mount = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return `mount --bind '${path}' /etc/${name}`;
    };
    const lines = [
      "ip link set lo up",
      mount("resolv.conf", resolverFile),
      ...(hostsFile === undefined ? [] : [mount("hosts", hostsFile)]),
      ...(addresses.length === 0 ? [] : wire),
      ...addresses.map((address) => `ip addr add ${address}/32 dev wire`),
      ...(addresses.length === 0 ? [] : ["ip route add 10.9.0.0/16 via 10.254.0.1 dev wire"]),
      ...(everywhere ? [`ip route add default via 10.254.0.1 dev wire src ${addresses[0]}`] : []),
      ...(beside === undefined ? [] : [`"$0" -e '${beside}' & sleep 0.5`]),
      `exec "$0" '${fileURLToPath(new URL("dns-records.mjs", import.meta.url))}' '${JSON.stringify(dns)}' "$0" "$@"`,
    ];
    const script = `trap 'kill 0' TERM; ${lines.join("; ")}`;
    return await execute(alone[0], [
      ...alone.slice(1),
      "--pid",
      "--fork",
      "--kill-child",
      "--mount-proc",
      "sh",
      "-ec",
      script,
      process.execPath,
      program,
      ...words,
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

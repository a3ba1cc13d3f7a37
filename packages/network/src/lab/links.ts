import { linkAddresses } from "./fabric-routes.ts";
import { hostAddresses, type Machine } from "./machines.ts";
import { internetAddresses } from "./plan.ts";

/** Lines for `ip -batch` in one namespace; `root` are those that are given to none, and make the links between them. */
export interface LinkLines {
  readonly root: readonly string[];
  readonly inside: ReadonlyMap<string, readonly string[]>;
}

/**
 * The links of all machines. Each is a pair whose one end is `eth0` of the machine and whose other end, of the machine's name, is
 * in the fabric or the gateway; neither is ever in the namespace of the host, so that no name of a link can collide there. A
 * machine knows but one way, as on Azure, where even neighbours of one subnet reach each other through the network's rules.
 *
 * @param namespaceOf the namespace of a machine, by its name
 * @param networks prefixes of the virtual networks, for the way back from the gateway
 * @param forwards whether what is tunnelled on-premises gets to the internet
 */
export function linkLines(
  machines: readonly Machine[],
  namespaceOf: (name: string) => string,
  networks: readonly string[],
  forwards: boolean,
): LinkLines {
  const inside = new Map<string, string[]>(machines.map(({ name }) => [name, ["link set lo up"]]));
  const say = (name: string, ...lines: string[]) => inside.get(name)?.push(...lines);
  const root: string[] = [];
  for (const machine of machines) {
    const { name, behind } = machine;
    if (behind === null) continue;
    root.push(
      `link add ${name} netns ${namespaceOf(behind)} type veth peer name eth0 netns ${namespaceOf(name)}`,
    );
    say(behind, `addr add ${linkAddresses.fabric}/32 dev ${name}`, `link set ${name} up`);
    if (behind === "gateway" && machine.address !== null)
      for (const table of ["main", tunnelled])
        say(behind, `route add ${machine.address}/32 dev ${name} scope link table ${table}`);
    say(name, ...ownAddresses(machine).map((line) => `addr add ${line}`), "link set eth0 up");
    say(name, `route add ${linkAddresses.fabric} dev eth0 scope link`);
    const up = `via ${linkAddresses.fabric} dev eth0`;
    switch (machine.kind) {
      case "internet":
        // Everything that is not private is here.
        for (const prefix of privateSpaces) say(name, `route add ${prefix} ${up}`);
        for (const prefix of networks) say(name, `route replace ${prefix} ${up}`);
        say(name, "route add local default dev lo");
        break;
      case "gateway":
        for (const prefix of networks) say(name, `route add ${prefix} ${up}`);
        // Machines there have the internet to themselves; what comes out of the tunnel has it only where on-premises forwards.
        say(name, `route add default ${up}`, `rule add pref 100 iif eth0 lookup ${tunnelled}`);
        say(
          name,
          forwards
            ? `route add default ${up} table ${tunnelled}`
            : `route add blackhole default table ${tunnelled}`,
        );
        break;
      case "fabric":
        break;
      default:
        say(name, `route add default ${up}`);
    }
  }
  return { root, inside };
}

/** The table of what comes to the gateway from the networks. */
const tunnelled = "100";

const privateSpaces = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

function ownAddresses({ kind, address }: Machine): string[] {
  switch (kind) {
    case "azure-dns":
      return hostAddresses.map((one) => `${one}/32 dev eth0`);
    case "internet":
      return [
        `${linkAddresses.internet}/32 dev eth0`,
        ...Object.values(internetAddresses).map((one) => `${one}/32 dev lo`),
      ];
    case "gateway":
      return [`${linkAddresses.gateway}/32 dev eth0`];
    default:
      return address === null ? [] : [`${address}/32 dev eth0`];
  }
}

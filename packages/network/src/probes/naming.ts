import { isIP } from "node:net";
import type { Provider } from "@redoubt/client/config";
import { privateLinkZones } from "../tables/zones.ts";
import { kindOfAddress } from "./address-kind.ts";
import { type Answer, askServer, askSystem } from "./answer.ts";
import { addressesInHosts, readResolverFile } from "./resolver-file.ts";

/** Where every virtual machine of Azure can ask its DNS. Elsewhere nobody answers. */
const azureDns = "168.63.129.16";

/** What all resolvers say of one name. */
export interface Naming {
  readonly host: string;
  /** The system first, then its DNS servers, those that were named, and Azure's where the name is Azure's. */
  readonly answers: readonly Answer[];
  /** What the system says of the name with a dot behind it, which no search domain completes; `null` where that is the same. */
  readonly absolute: Answer | null;
  readonly search: readonly string[];
  /** Addresses for the name in the hosts file. */
  readonly inHosts: readonly string[];
  /** Private addresses of the same record in the zones of private endpoints, by zone. */
  readonly inZones: readonly {
    readonly zone: string;
    readonly name: string;
    readonly addresses: readonly string[];
  }[];
}

/** What {@link nameOf} is told. */
export interface NamingOptions {
  readonly resolvers: readonly string[];
  readonly resolverFile: string;
  readonly provider: Provider | null;
  /** ms */
  readonly timeout: number;
}

/** Asks everybody who may know a name, at once. */
export async function nameOf(host: string, options: NamingOptions): Promise<Naming> {
  const { resolvers, resolverFile, provider, timeout } = options;
  const listed = readResolverFile(resolverFile);
  // Names of this machine are not asked for (RFC 6761 section 6.3).
  const nameservers = isLocal(host) ? [] : listed.nameservers;
  const { search } = listed;
  const isAzure = provider?.name.startsWith("azure") === true;
  const servers: [string, Answer["asked"]][] = [
    ...nameservers.map((server): [string, Answer["asked"]] => [server, "nameserver"]),
    ...resolvers.map((server): [string, Answer["asked"]] => [server, "named"]),
    ...(isAzure && !nameservers.includes(azureDns) && !resolvers.includes(azureDns)
      ? [[azureDns, "azure"] as [string, Answer["asked"]]]
      : []),
  ];
  const completes = search.length > 0 && !host.endsWith(".");
  const [system, absolute, inZones, ...others] = await Promise.all([
    askSystem(host, timeout),
    completes ? askSystem(`${host}.`, timeout) : null,
    isAzure
      ? recordsInZones(
          host,
          servers.map(([server]) => server),
          timeout,
        )
      : [],
    ...servers.map(([server, asked]) => askServer(server, asked, host, timeout)),
  ]);
  // Azure's own server is worth a word only where it answers.
  const heard = others.filter(({ asked, failure }) => asked !== "azure" || failure !== "silent");
  return { host, answers: [system, ...heard], absolute, search, inHosts: addressesInHosts(host), inZones };
}

function isLocal(host: string): boolean {
  return /^(?:.+\.)?localhost\.?$/i.test(host);
}

/** Looks for the record of a private endpoint in every zone of every product: a wrong zone is a silent fault. */
async function recordsInZones(
  host: string,
  servers: readonly string[],
  timeout: number,
): Promise<Naming["inZones"]> {
  const suffixes = privateLinkZones.map((zone) => zone.replace(/^privatelink\./, ""));
  const suffix = suffixes.find((end) => host.toLowerCase().endsWith(`.${end}`));
  const label = suffix === undefined ? "" : host.slice(0, -suffix.length - 1);
  if (label === "" || isIP(host) !== 0) return [];
  const found = await Promise.all(
    privateLinkZones.map(async (zone) => {
      const name = `${label}.${zone}`;
      const answers = await Promise.all(
        servers.map((server) => askServer(server, "nameserver", name, timeout)),
      );
      const addresses = answers.flatMap(({ addresses: all }) =>
        all.filter((ip) => kindOfAddress(ip) === "private"),
      );
      return { zone, name, addresses: [...new Set(addresses)] };
    }),
  );
  return found.filter(({ addresses }) => addresses.length > 0);
}

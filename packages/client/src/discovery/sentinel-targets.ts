import { isDnsName, sharedDnsName } from "../config/endpoint.ts";
import { parse } from "../config/parse.ts";
import type { Endpoint, Target, TlsSettings } from "../config/target.ts";
import type { DialOptions } from "../net/dial-options.ts";
import { type AddressMap, addressOf, reach } from "./address-map.ts";

/**
 * Makes the connection string of a data server from its address, `host:port`, as ServiceStack.Redis has it:
 * ``(host) => `${host}?ssl=true&sslprotocols=Tls12` ``. What the string does not say (credentials, CA, client
 * certificate…) is as for the Sentinels. A target may be given instead of a string.
 */
export type HostFilter = (host: string) => string | Target;

/** What is dialled, and how. */
export interface Way {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly options: DialOptions;
}

/** What is the same for all servers of a kind, and how their addresses are read. */
export interface WayOptions {
  /** Endpoints: the Sentinels, as the user named them. */
  readonly target: Target;
  readonly options: DialOptions;
  readonly addressMap?: AddressMap | undefined;
  readonly hostFilter?: HostFilter | undefined;
}

/**
 * How a server is dialled that a Sentinel announced. The name to verify is, first to last: one that was said for all,
 * the one of the address map, the DNS name dialled, the DNS name that all Sentinels share, the address dialled.
 * @throws RedoubtError of the family `CONFIG_` for what the filter or the map gives
 */
export function wayTo(announced: Endpoint, { target, options, addressMap, hostFilter }: WayOptions): Way {
  const { endpoint: mapped, servername } = reach(announced, addressMap);
  const filtered = hostFilter === undefined ? null : hostFilter(addressOf(mapped));
  const said = typeof filtered === "string" ? parse(filtered, { defaultPort: mapped.port }) : filtered;
  const endpoint = said?.endpoints[0] ?? mapped;
  const base = said === null ? target : merge(target, said);
  const name = explicitName(said ?? null) ?? explicitName(target);
  const shared = isDnsName(endpoint) ? null : sharedDnsName(target.endpoints);
  return {
    target: {
      ...base,
      endpoints: [endpoint],
      sentinel: null,
      tls: { ...base.tls, servername: name ?? servername ?? shared },
    },
    endpoint,
    options,
  };
}

/** The name to verify that a connection string says, other than by naming hosts. */
function explicitName(target: Target | null): string | null {
  if (target === null || target.tls.servername === sharedDnsName(target.endpoints)) return null;
  return target.tls.servername;
}

/** What the filter's string says wins; it cannot switch off what protects. */
function merge(base: Target, said: Target): Target {
  const tls: TlsSettings = {
    enabled: base.tls.enabled || said.tls.enabled,
    servername: null,
    minVersion: said.tls.minVersion ?? base.tls.minVersion,
    maxVersion: said.tls.maxVersion ?? base.tls.maxVersion,
    verify: said.tls.verify === "full" ? base.tls.verify : said.tls.verify,
    caFile: said.tls.caFile ?? base.tls.caFile,
    certFile: said.tls.certFile ?? base.tls.certFile,
    keyFile: said.tls.keyFile ?? base.tls.keyFile,
    pfxFile: said.tls.pfxFile ?? base.tls.pfxFile,
    passphrase: said.tls.passphrase ?? base.tls.passphrase,
    ciphers: said.tls.ciphers ?? base.tls.ciphers,
    pins: said.tls.pins.length > 0 ? said.tls.pins : base.tls.pins,
  };
  const login = said.password === null ? base : said;
  return {
    ...base,
    tls,
    username: login.username,
    password: login.password,
    database: said.database ?? base.database,
    clientName: said.clientName ?? base.clientName,
    timeouts: {
      connectMs: said.timeouts.connectMs ?? base.timeouts.connectMs,
      commandMs: said.timeouts.commandMs ?? base.timeouts.commandMs,
    },
  };
}

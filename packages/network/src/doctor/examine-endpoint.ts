import { isIP } from "node:net";
import type { Endpoint, Target } from "@redoubt/client";
import type { Provider, TlsVersion } from "@redoubt/client/config";
import { resolvePolicy } from "@redoubt/client/tls";
import { inParallel } from "../probes/deadline.ts";
import { type Dialling, dialOne } from "../probes/dialling.ts";
import { endpointName } from "../probes/endpoint-name.ts";
import type { EndpointEvidence, TlsEvidence } from "../probes/evidence.ts";
import { acceptsVersion, shakeHands } from "../probes/handshake.ts";
import { type Naming, nameOf } from "../probes/naming.ts";
import { type Reach, reachAll } from "../probes/reach.ts";
import { askSentinel, type SentinelFacts } from "../probes/sentinel-facts.ts";
import { probeWeb } from "../probes/web-probe.ts";
import { clientOptions, type DoctorSettings } from "./settings.ts";

const tlsVersions: readonly TlsVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/** Lists and responders that are asked at most. */
const mostUrls = 8;

/** The dial of an endpoint, and what can be looked at from it on. */
export interface Examination {
  readonly dialling: Promise<Dialling>;
  readonly evidence: Promise<EndpointEvidence>;
}

/**
 * Dials an endpoint as a client does, and asks DNS at the same time; then looks deeper where it failed.
 * @param target as it is dialled: of Sentinels, with their own user
 * @param masterName whom Sentinels are asked about; `null` for other servers
 */
export function examineEndpoint(
  target: Target,
  endpoint: Endpoint,
  provider: Provider | null,
  masterName: string | null,
  settings: DoctorSettings,
): Examination {
  const { resolvers, resolverFile, timeout, dial, progress } = settings;
  progress(`dialling ${endpointName(endpoint)}`);
  const dialling = dialOne(target, endpoint, dial);
  const isName = endpoint.path === undefined && isIP(endpoint.host) === 0;
  const naming = isName
    ? nameOf(endpoint.host, { resolvers, resolverFile, provider, timeout })
    : Promise.resolve(null);
  const deeper = async (): Promise<EndpointEvidence> => {
    const [dialled, named] = await Promise.all([dialling, naming]);
    const sentinel = masterName === null ? null : await sentinelFacts(target, dialled, masterName, settings);
    const reach = await reachEndpoint(dialled, named, provider, settings);
    const tls = target.tls.enabled ? await examineTls(target, dialled, reach, settings) : null;
    return { dialling: dialled, naming: named, reach, tls, sentinel };
  };
  return { dialling, evidence: deeper() };
}

/** Whether the ports around may tell why: nobody was there, or somebody else than expected. */
function asksAround({ error }: Dialling): boolean {
  return error !== null && /^(?:TCP_|TLS_|DNS_|REPLY_PROTOCOL|REPLY_NOT_REDIS|TIMEOUT_)/.test(error.code);
}

function reachEndpoint(
  dialled: Dialling,
  naming: Naming | null,
  provider: Provider | null,
  { timeout, thorough, progress }: DoctorSettings,
): Promise<Reach[]> {
  const { host, port, path } = dialled.endpoint;
  if (path !== undefined) return Promise.resolve([]);
  const [system, ...others] = naming?.answers ?? [];
  const own = naming === null ? [host] : (system?.addresses ?? []);
  // What others say is worth dialling only where the system leads nowhere.
  const ips = own.length > 0 ? own : others.flatMap(({ addresses }) => addresses);
  const around = thorough || asksAround(dialled);
  if (around && ips.length > 0) progress(`trying ports around ${endpointName(dialled.endpoint)}`);
  return reachAll([...new Set(ips)], port, { provider, around, timeout });
}

async function examineTls(
  target: Target,
  { endpoint, error }: Dialling,
  reach: readonly Reach[],
  settings: DoctorSettings,
): Promise<TlsEvidence | null> {
  const { timeout, thorough, dial, progress } = settings;
  const open = reach.find(({ dialled }) => dialled.state === "open");
  if (open === undefined) return null;
  progress(`looking at the certificate of ${endpointName(endpoint)}`);
  const { ip, port } = open;
  const policy = await resolvePolicy(target.tls, dial.tls ?? {}, endpoint.host);
  const failed = error?.code.startsWith("TLS_") === true;
  const sni = policy.serverNameIndication;
  const [handshake, nameless, versions] = await Promise.all([
    shakeHands(ip, port, policy, timeout),
    failed && sni !== "" ? shakeHands(ip, port, policy, timeout, false) : null,
    failed || thorough
      ? Promise.all(
          tlsVersions.map(
            async (version) => [version, await acceptsVersion(ip, port, sni, version, timeout)] as const,
          ),
        )
      : [],
  ]);
  const urls = handshake.chain
    .flatMap(({ crlUrls, ocspUrls }) => [...crlUrls, ...ocspUrls])
    .filter((url) => url.startsWith("http://"));
  const revocation = await inParallel([...new Set(urls)].slice(0, mostUrls), mostUrls, (url) =>
    probeWeb(url, timeout),
  );
  return { handshake, nameless, versions: Object.fromEntries(versions), revocation };
}

async function sentinelFacts(
  target: Target,
  { endpoint, error }: Dialling,
  masterName: string,
  settings: DoctorSettings,
): Promise<SentinelFacts | null> {
  if (error !== null) return null;
  settings.progress(`asking the Sentinel ${endpointName(endpoint)}`);
  return askSentinel(
    clientOptions({ ...target, endpoints: [endpoint] }, settings),
    masterName,
    settings.timeout,
  ).catch(() => null);
}

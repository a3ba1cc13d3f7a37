import { dial as dialAny, type Target } from "@redoubt/client";
import type { Dialled } from "@redoubt/client/net";
import type { Dialling } from "../probes/dialling.ts";
import { type IdleCut, measureIdleCut } from "../probes/idle-cut.ts";
import { type Latency, measureLatency } from "../probes/latency.ts";
import { type NodeReach, reachNodes } from "../probes/node-reach.ts";
import type { SentinelFacts } from "../probes/sentinel-facts.ts";
import { type AnnouncedNode, askServerFacts, type ServerFacts } from "../probes/server-facts.ts";
import { clientOptions, type DoctorSettings } from "./settings.ts";

/** What a server that lets us in tells. */
export interface ServerEvidence {
  readonly server: ServerFacts | null;
  readonly nodes: readonly NodeReach[];
  /** Where it can be measured; `null` where nothing lets us in. */
  readonly measurable: Target | null;
}

const nothing: ServerEvidence = { server: null, nodes: [], measurable: null };

/** Asks the first endpoint that lets us in, and follows what it announces. */
export async function examineServer(
  target: Target,
  dialled: readonly Dialling[],
  settings: DoctorSettings,
): Promise<ServerEvidence> {
  const first = dialled.find(({ error }) => error === null);
  if (first === undefined || target.sentinel !== null) return nothing;
  const one: Target = { ...target, endpoints: [first.endpoint] };
  settings.progress("asking the server about itself");
  const server = await facts(one, settings);
  const seed = target.tls.servername ?? first.endpoint.host;
  const nodes = server?.nodes == null ? [] : await follow(one, server.nodes, seed, settings);
  return { server, nodes, measurable: one };
}

/** The same behind Sentinels: the master and the replicas that they announce. */
export async function examineBehindSentinels(
  target: Target,
  sentinels: readonly (SentinelFacts | null)[],
  settings: DoctorSettings,
): Promise<ServerEvidence> {
  const announced = new Map<string, AnnouncedNode>();
  for (const found of sentinels)
    for (const node of found === null
      ? []
      : [...(found.master === null ? [] : [found.master]), ...found.replicas])
      announced.set(`${node.host}:${node.port}`, node);
  if (announced.size === 0) return nothing;
  const seed = target.tls.servername ?? target.endpoints[0]?.host ?? "";
  const nodes = await follow(target, [...announced.values()], seed, settings);
  if (nodes.every(({ error }) => error !== null)) return { ...nothing, nodes };
  const server = await facts(target, settings);
  return { server, nodes, measurable: server === null ? null : target };
}

function facts(target: Target, settings: DoctorSettings): Promise<ServerFacts | null> {
  // That it can be dialled is known; whatever happens now is not the reason why somebody asked the doctor.
  return askServerFacts(clientOptions(target, settings), settings.timeout, settings.setGet).catch(() => null);
}

function follow(
  target: Target,
  nodes: readonly AnnouncedNode[],
  seed: string,
  settings: DoctorSettings,
): Promise<NodeReach[]> {
  settings.progress(`dialling ${nodes.length} announced nodes`);
  return reachNodes(target, nodes, seed, settings.dial);
}

/** How long replies take, and when silent connections are cut. It wants a machine that does nothing else meanwhile. */
export async function measure(
  target: Target | null,
  settings: DoctorSettings,
): Promise<{ readonly latency: Latency | null; readonly idleCut: IdleCut | null }> {
  if (target === null) return { latency: null, idleCut: null };
  const { latency: forMs, idle, timeout, signal, progress } = settings;
  const open = (): Promise<Dialled> => dialAny(target, settings.dial);
  if (forMs > 0) progress(`measuring latency for ${(forMs / 1000).toFixed(1)} s`);
  const latency =
    forMs > 0
      ? await open().then(
          (one) => measureLatency(one, forMs, timeout, signal),
          () => null,
        )
      : null;
  if (idle > 0) progress(`keeping connections silent for up to ${Math.round(idle / 1000)} s`);
  const idleCut = idle > 0 ? await measureIdleCut(open, idle, timeout, signal).catch(() => null) : null;
  return { latency, idleCut };
}

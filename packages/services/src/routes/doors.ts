import type { Settings } from "../contract/settings.ts";
import type { ServiceRecord } from "../state/record.ts";

/** What listens at a port of the service, so that whoever comes is served or told where to go. */
export type Door =
  /** TLS comes in, and goes on to the node that takes writes. */
  | { readonly kind: "terminator"; readonly port: number }
  /** Plain text comes in, and goes on to the node that takes writes. */
  | { readonly kind: "plain"; readonly port: number }
  /** The service has moved from this TLS port to its plain one. */
  | { readonly kind: "moved-to-plain"; readonly port: number; readonly to: number }
  /** The service has moved from this plain port to its TLS one. */
  | { readonly kind: "moved-to-tls"; readonly port: number; readonly to: number };

/** What decides which doors there are. */
export interface DoorGround {
  readonly record: ServiceRecord;
  readonly settings: Settings;
  /** Of the plan. */
  readonly topology: "single" | "replicated" | "cluster";
}

/** The TLS port that clients dial: that of the terminator, or of the node itself. */
export function tlsPort({ record }: Pick<DoorGround, "record">, primary: string | null): number {
  if (record.route === "terminator") return record.ports.tls;
  const nodes = record.nodes.filter(({ kind }) => kind === "data");
  return (nodes.find(({ name }) => name === primary) ?? nodes[0])?.port ?? record.ports.tls;
}

/** The plain port that clients dial while plain text is allowed. Nodes of clusters have their own. */
export function plainPort({ record, topology }: Pick<DoorGround, "record" | "topology">): number {
  return topology === "cluster" ? (record.nodes[0]?.plainPort ?? record.ports.plain) : record.ports.plain;
}

/** Which doors the keeper holds open. A cluster's nodes are dialled themselves; there is none before them. */
export function doorsOf(ground: DoorGround): Door[] {
  const { record, settings, topology } = ground;
  if (topology === "cluster") return [];
  const { plain } = record.ports;
  const tls = tlsPort(ground, null);
  if (settings.tls) {
    const front: Door[] = record.route === "terminator" ? [{ kind: "terminator", port: tls }] : [];
    return record.wasPlain ? [...front, { kind: "moved-to-tls", port: plain, to: tls }] : front;
  }
  const left: Door[] =
    record.route === "terminator" || topology === "single"
      ? [{ kind: "moved-to-plain", port: tls, to: plain }]
      : // The nodes go on replicating at these ports; they let nobody else in.
        [];
  return [...left, { kind: "plain", port: plain }];
}

import { copyFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Terminator } from "@redoubt/tunnel";
import { type CertificateFiles, certificateFiles } from "../identity/certificates.ts";
import type { ServicePlaces } from "../state/places.ts";
import { type Door, type DoorGround, doorsOf } from "./doors.ts";
import { openMoved } from "./moved.ts";
import { openPlain } from "./plain.ts";
import { openFront } from "./terminator.ts";

/** What doors are opened for. */
export interface RoutesGround extends DoorGround {
  readonly places: ServicePlaces;
  /** Name of the node that takes writes. */
  readonly primary: string | null;
  readonly say: (sentence: string) => void;
}

interface OpenDoor {
  readonly door: Door;
  /** Doors of the same key are left open. */
  readonly key: string;
  readonly terminator: Terminator | null;
  connections(): number;
  close(): Promise<void>;
}

/** All doors of a service, in the keeper's process. */
export class Routes {
  readonly #open = new Map<number, OpenDoor>();
  #certificate = 0;

  /** Clients at each kind of door. */
  get clients(): { readonly terminator: number; readonly plain: number } {
    const at = (kind: Door["kind"]): number =>
      [...this.#open.values()]
        .filter(({ door }) => door.kind === kind)
        .reduce((sum, { connections }) => sum + connections(), 0);
    return { terminator: at("terminator"), plain: at("plain") };
  }

  /** Closes doors that are not to be, or to be otherwise. */
  async retire(ground: RoutesGround): Promise<void> {
    const wanted = new Map(doorsOf(ground).map((door) => [door.port, door]));
    for (const [port, { key, close }] of this.#open) {
      const door = wanted.get(port);
      if (door !== undefined && keyOf(door, ground) === key) continue;
      this.#open.delete(port);
      await close();
    }
  }

  /** Closes doors that are not to be, and opens those that are missing. Exchanges the certificate. */
  async become(ground: RoutesGround): Promise<void> {
    await this.retire(ground);
    const served = await this.#serve(ground);
    for (const door of doorsOf(ground))
      if (!this.#open.has(door.port)) this.#open.set(door.port, await openDoor(door, ground, served));
  }

  async close(): Promise<void> {
    const doors = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(doors.map(({ close }) => close()));
  }

  /** Puts the certificate where terminators read it, and makes those that are open read it. Connections that are open stay. */
  async #serve({ places, record }: RoutesGround): Promise<CertificateFiles> {
    const served = {
      certFile: join(places.certificates, "served.pem"),
      keyFile: join(places.certificates, "served.key"),
    };
    if (this.#certificate === record.certificate) return served;
    const files = certificateFiles(places, record.certificate);
    for (const [from, to] of [
      [files.certFile, served.certFile],
      [files.keyFile, served.keyFile],
    ] as const) {
      await copyFile(from, `${to}.new`);
      await rename(`${to}.new`, to);
    }
    for (const { terminator } of this.#open.values()) {
      const problem = (await terminator?.reload()) ?? null;
      if (problem !== null) throw problem;
    }
    this.#certificate = record.certificate;
    return served;
  }
}

/** Everything that a door depends on, and that cannot be changed while it is open. */
function keyOf(door: Door, { record, settings, primary }: RoutesGround): string {
  const { allowedNetworks } = settings;
  return JSON.stringify(
    door.kind === "terminator"
      ? [door, record.idle, allowedNetworks]
      : door.kind === "plain"
        ? [door, primary, allowedNetworks]
        : [door, record.certificate],
  );
}

async function openDoor(door: Door, ground: RoutesGround, served: CertificateFiles): Promise<OpenDoor> {
  const { record, places, settings, primary, say } = ground;
  const key = keyOf(door, ground);
  const nodes = record.nodes.filter(({ kind }) => kind === "data");
  const clientsFrom = settings.allowedNetworks;
  switch (door.kind) {
    case "terminator": {
      const terminator = await openFront({
        port: door.port,
        certificate: served,
        idle: record.idle,
        sockets: nodes.map(({ name }) => places.nodeSocket(name)),
        operator: record.operator,
        clientsFrom,
        say,
      });
      const close = (): Promise<void> => terminator.stop(0).then(() => {});
      return { door, key, terminator, connections: () => terminator.connections, close };
    }
    case "plain": {
      const node = primary ?? nodes[0]?.name ?? "";
      const plain = await openPlain({ port: door.port, socket: places.nodeSocket(node), clientsFrom });
      return {
        door,
        key,
        terminator: null,
        connections: () => plain.connections,
        close: () => plain.close(),
      };
    }
    default: {
      const scheme = door.kind === "moved-to-tls" ? "rediss" : "redis";
      const why = door.kind === "moved-to-tls" ? "it speaks TLS again" : "TLS was switched off (redis_ssl)";
      const words = `this service has moved: ${why}. Connect with ${scheme}://localhost:${door.to}`;
      const listener = await openMoved(door.port, words, door.kind === "moved-to-plain" ? served : null);
      const close = async (): Promise<void> => listener.destroy();
      return { door, key, terminator: null, connections: () => 0, close };
    }
  }
}

import { RedoubtError } from "@redoubt/client";
import type { Terminator, TerminatorOptions } from "@redoubt/tunnel";
import type { ServiceContext } from "../contract/node-handle.ts";
import type { SimulationState } from "../contract/simulation.ts";
import type { Disk } from "../state/disk.ts";

/** A door of its own to the service, behind which the service behaves as a managed one does. */
export interface DoorOptions {
  /** 0: a free one. */
  readonly port: number;
  /** Longest silence of a connection, ms; 0 for no limit. */
  readonly idleLimit: number;
  readonly staysUntil?: NonNullable<TerminatorOptions["staysUntil"]>;
}

/** What simulations need of the service that they are of. */
export interface SimulationHost {
  readonly context: ServiceContext;
  readonly disk: Disk;
  readonly topology: "single" | "replicated" | "cluster";
  /** Path of the certificate of the project's CA. */
  readonly caFile: string;
  /** Paths of the certificate that the service shows now, PEM, and its key. */
  certificate(): { readonly certFile: string; readonly keyFile: string };
  /** What a user may do who logs in with a token, in the words of `ACL SETUSER`. */
  userRules(): readonly string[];
  /** Opens a TLS listener on loopback that leads to the node that takes writes. @throws RedoubtError `TCP_ADDRESS_IN_USE` */
  openDoor(options: DoorOptions): Promise<Terminator>;
  failOver(): Promise<void>;
  rotateCertificate(): Promise<void>;
}

/** Options of a simulation once they are checked: milliseconds, yes or no, text. */
export type CheckedOptions = Readonly<Record<string, number | boolean | string>>;

/** A simulation that is switched on. */
export interface RunningSimulation {
  readonly facts: SimulationState["facts"];
  /** Resolves when everything of it is gone. */
  stop(): Promise<void>;
  /** Resolves when it is over by itself; never for those that go on until they are stopped. */
  readonly over?: Promise<void>;
}

/**
 * Switches a simulation on.
 * @param folder its files lie there, 0700
 * @param isResumed whether it was on before the keeper ended
 */
export type StartSimulation = (
  host: SimulationHost,
  folder: string,
  options: CheckedOptions,
  isResumed: boolean,
) => Promise<RunningSimulation>;

/** Opens a door at the port that it had before, or at a free one where somebody else has taken that. */
export async function openDoorAgain(host: SimulationHost, options: DoorOptions): Promise<Terminator> {
  try {
    return await host.openDoor(options);
  } catch (error) {
    if (options.port === 0 || !(error instanceof RedoubtError) || error.code !== "TCP_ADDRESS_IN_USE")
      throw error;
    return host.openDoor({ ...options, port: 0 });
  }
}

/** Port of an address as listeners say it, `127.0.0.1:6380`. */
export const portOf = (address: string): number => Number(/:(\d+)$/.exec(address)?.[1] ?? 0);

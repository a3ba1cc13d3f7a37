import type { Endpoint } from "./clients/contender.ts";

/** One primary of the cluster. */
export interface ClusterNode {
  readonly endpoint: Endpoint;
  readonly pid: number;
  /** A key that it serves. */
  readonly key: string;
}

/** What a measuring process is told. */
export interface Task {
  /** Name of an entrant of the line-up, or `raw`. */
  readonly contender: string;
  /** Folder `dist` of the build of Redoubt. */
  readonly dist: string;
  readonly shape: string;
  readonly endpoint: Endpoint;
  /** A second server, on which nothing else happens. */
  readonly quiet: Endpoint;
  /** The nodes of the cluster, in shapes of one; otherwise none. */
  readonly nodes: readonly ClusterNode[];
  /** Processes of the servers that are asked. */
  readonly serverPids: readonly number[];
  /** How long to measure, ms, after how long warming up. */
  readonly duration: number;
  readonly warmUp: number;
  /** Whether to look where the time goes, which costs some of it. */
  readonly profiles: boolean;
  /** Whether the process holds 32 MiB of data of its own meanwhile; else it is an empty program. */
  readonly holdsData: boolean;
  /** Whether what is not bounded by a duration does less of it: fewer connections, fewer large values. */
  readonly sparing: boolean;
}

/** Where the time of a process went: parts of the time in which something was done, in percent, the largest first. */
export interface Profile {
  /** By what it was spent on. */
  readonly kinds: readonly (readonly [kind: string, percent: number])[];
  /** By function. */
  readonly functions: readonly (readonly [name: string, percent: number])[];
}

/** What a measuring process found. All but `value` is absent where it means nothing. */
export interface Measurement {
  /** In the unit of the shape. */
  readonly value: number;
  /** CPU of the measuring process per command, µs. */
  readonly clientMicros?: number;
  /** How many CPUs the client, the busiest server, all servers and everybody else kept busy. */
  readonly clientCpus?: number;
  readonly serverCpus?: number;
  readonly allServersCpus?: number;
  readonly otherCpus?: number;
  /** Largest resident size of the measuring process, MiB. */
  readonly residentMiB?: number;
  /** Latency of single commands, µs. */
  readonly p50Micros?: number;
  readonly p99Micros?: number;
  /** 99 of 100 turns of the event loop came at most this late, ms. */
  readonly loopP99Millis?: number;
  /** What the heap held more after the commands than before, KiB. */
  readonly retainedKiB?: number;
  readonly profile?: Profile;
}

/** A measurement, and of what. */
export interface Result extends Measurement {
  readonly contender: string;
  readonly version: string;
  readonly transport: Transport;
  readonly shape: string;
  readonly round: number;
}

/** How the server is reached. */
export type Transport = "tls" | "tcp";

/** From this many CPUs on, used by somebody else, figures are of little worth. */
export const disturbance = 0.25;

/** Whether somebody else used the machine meanwhile. */
export function isDisturbed({ otherCpus = 0 }: Measurement): boolean {
  return otherCpus > disturbance;
}

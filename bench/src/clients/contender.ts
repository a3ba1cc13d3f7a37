import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where to connect to; `ca` (PEM) is null for plain TCP. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly ca: string | null;
  readonly password: string;
}

/** What every client is asked to do, in its own words; what it cannot do is null. */
export interface BenchClient {
  readonly get: (key: string) => Promise<unknown>;
  readonly set: (key: string, value: string) => Promise<unknown>;
  readonly getBuffer: (key: string) => Promise<unknown>;
  readonly setBuffer: (key: string, value: Buffer) => Promise<unknown>;
  readonly hGetAll: (key: string) => Promise<unknown>;
  readonly mGet: (keys: string[]) => Promise<unknown>;
  readonly lRange: (key: string, start: number, stop: number) => Promise<unknown>;
  /** Many GETs as one explicit pipeline. */
  readonly pipeline: ((keys: readonly string[]) => Promise<unknown>) | null;
  /** Many GETs as one transaction. */
  readonly transaction: ((keys: readonly string[]) => Promise<unknown>) | null;
  readonly close: () => void | Promise<void>;
}

/** What pools are asked for: a client for a task of one GET. */
export type BenchPool = Pick<BenchClient, "get" | "close">;

/** Somebody who hears what is published. */
export type Subscriber = Pick<BenchClient, "close">;

/** A client library in one setting; what it does not have is absent. */
export interface Contender {
  readonly version: string;
  readonly connect: (endpoint: Endpoint) => Promise<BenchClient>;
  /** Over all nodes of a cluster, of which one is named. */
  readonly connectCluster?: (seed: Endpoint) => Promise<BenchClient>;
  /** A pool that has so many connections, open from the start. */
  readonly connectPool?: (endpoint: Endpoint, size: number) => Promise<BenchPool>;
  /** One client that hears a channel, with so many listeners. */
  readonly subscribe?: (
    endpoint: Endpoint,
    channel: string,
    listeners: readonly ((message: string) => void)[],
  ) => Promise<Subscriber>;
}

/** The folder `bench`. */
export const benchFolder = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Loads a peer by its name. The compiler does not follow it: building and checking the repository must not need what is
 * installed only for measuring.
 */
export async function loadPeer<Module>(name: string): Promise<{ module: Module; version: string }> {
  const manifest = readFileSync(`${benchFolder}/node_modules/${name}/package.json`, "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  return { module: (await import(name)) as Module, version };
}

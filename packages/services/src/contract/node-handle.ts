import type { ControlConnection } from "@redoubt/server";

/** A server of a service as its modules see it: something to talk to, with a folder. */
export interface NodeHandle {
  /** `redis-1`, `sentinel-2` */
  readonly name: string;
  readonly kind: "data" | "sentinel";
  /** Folder with its configuration, its `users.acl`, and below `data` what it keeps: `dump.rdb`, `appendonlydir`. */
  readonly folder: string;
  /** Folder in which it works: `dir` of its configuration. */
  readonly dataFolder: string;
  /** Its own TLS port on the loopback address. */
  readonly port: number;
  /** Process id; null while it does not run. */
  readonly pid: number | null;
  /** Opens the operator's line over its Unix socket, as a user that may do everything. Close it. */
  control(): Promise<ControlConnection>;
  /** Ends it in order, without saving beyond what its configuration says. It stays down until {@link start}. */
  stop(): Promise<void>;
  /** Starts it and resolves when it serves. */
  start(): Promise<void>;
}

/** What the keeper lends its modules: backups, metrics, logs, simulations. All of it is of one service. */
export interface ServiceContext {
  readonly name: string;
  /** The service's folder: modules keep their files in one of their own name below it, 0600 in 0700. */
  readonly folder: string;
  /** Servers that hold data, in order. */
  readonly nodes: readonly NodeHandle[];
  readonly sentinels: readonly NodeHandle[];
  /** The node that takes writes now; null while there is none, and for clusters the first. */
  readonly primary: NodeHandle | null;
  /** Is aborted when the keeper ends. */
  readonly signal: AbortSignal;
  /** Writes a line to the keeper's log. Never a secret. */
  say(sentence: string): void;
}

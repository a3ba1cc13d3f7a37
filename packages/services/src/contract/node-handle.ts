import type { ControlConnection } from "@redoubt/server";
import type { Settings } from "./settings.ts";

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
  /** Path of its Unix socket. */
  readonly socket: string;
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
  /** ms since 1970: when the service was made. */
  readonly created: number;
  readonly topology: "single" | "replicated" | "cluster";
  readonly settings: Settings;
  /** Days that the plan keeps backups. */
  readonly backupDays: number;
  /** Path of the server program. */
  readonly program: string;
  /** Path of the certificate of the project's CA. */
  readonly caFile: string;
  /** Paths of the certificate that the service shows now. */
  readonly certificate: { readonly certFile: string; readonly keyFile: string };
  /** The user as whom the keeper and the servers themselves log in. */
  readonly operator: { readonly username: string; readonly password: string };
  /** What a user may do who may do all that the service allows, in the words of `ACL SETUSER`. */
  readonly userRules: readonly string[];
  /** Is aborted when the keeper ends. */
  readonly signal: AbortSignal;
  /** Writes a line to the keeper's log. Never a secret. */
  say(sentence: string): void;
  /** Does something to the servers while nobody else does. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Makes a replica the primary. @throws RedoubtError `SERVICE_UNFIT` for a plan without replicas */
  failOver(): Promise<void>;
  /** Serves a new certificate. @throws RedoubtError `SERVICE_BUSY` while somebody changes the service */
  rotateCertificate(): Promise<void>;
}

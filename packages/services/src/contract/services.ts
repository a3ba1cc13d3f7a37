import type { Backup } from "./backup.ts";
import type { LogOptions, LogPage, ServiceEvent } from "./log.ts";
import type { CurrentQuery, Metrics, MetricsPeriod } from "./metrics.ts";
import type { CreateOptions, UpdateOptions, UpdatePreview, WaitOptions } from "./options.ts";
import type { Service } from "./service.ts";
import type { SimulationKind, SimulationOptions, SimulationState } from "./simulation.ts";
import type { AccessControl, ServiceUser, UserCreateOptions } from "./user.ts";

/**
 * The services of this machine's user. Whatever changes one takes its lock for as long as it lasts; who comes second is told
 * `SERVICE_BUSY`. All methods reject with `SERVICE_UNKNOWN` for a name that there is not.
 */
export interface Services {
  /** Folder with all state. */
  readonly home: string;

  /** Makes a service and resolves when it can be used. */
  create(name: string, options?: CreateOptions, wait?: WaitOptions): Promise<Service>;
  /** One service as it is. Starts its keeper again if that is gone. */
  get(name: string): Promise<Service>;
  /**
   * All services, or those of these names, by name. Starts nothing. One whose files cannot be read is `DAMAGED`, and its
   * notifications say why.
   */
  list(names?: readonly string[]): Promise<Service[]>;
  /** Names of all services; reads no state. */
  names(): Promise<string[]>;
  /** What `update` would do. Changes nothing. */
  preview(name: string, options: UpdateOptions): Promise<UpdatePreview>;
  update(name: string, options: UpdateOptions, wait?: WaitOptions): Promise<Service>;
  /** Resolves when all of them run. @throws RedoubtError `SERVICE_FAILED` when the time is over */
  wait(names: readonly string[], wait?: WaitOptions): Promise<Service[]>;
  /** Ends a service and removes everything of it. */
  terminate(name: string, wait?: WaitOptions): Promise<void>;
  /** Takes a last backup, where there are any, and ends the servers. What the service is and its backups stay. */
  powerOff(name: string, wait?: WaitOptions): Promise<Service>;
  powerOn(name: string, wait?: WaitOptions): Promise<Service>;

  userCreate(name: string, username: string, options?: UserCreateOptions): Promise<ServiceUser>;
  userList(name: string): Promise<ServiceUser[]>;
  userGet(name: string, username: string): Promise<ServiceUser>;
  userDelete(name: string, username: string): Promise<void>;
  /** @param password default: made up */
  userPasswordReset(name: string, username: string, password?: string): Promise<ServiceUser>;
  userSetAccessControl(name: string, username: string, access: AccessControl): Promise<ServiceUser>;
  /** A client certificate of the project's CA for a user, PEM. */
  userCertificate(
    name: string,
    username: string,
  ): Promise<{ readonly certificate: string; readonly key: string }>;
  /** Gives `default` a new password. */
  credentialsReset(name: string): Promise<Service>;

  /** Certificate of the project's CA, PEM, and the path of its file. */
  ca(): Promise<{ readonly certificate: string; readonly file: string }>;
  /** Connection string of a service, for a user, a database, a replica. */
  connectionUri(
    name: string,
    options?: {
      readonly username?: string;
      readonly database?: number;
      readonly usage?: "primary" | "replica";
    },
  ): Promise<string>;

  logs(name: string, options?: LogOptions): Promise<LogPage>;
  metrics(name: string, period?: MetricsPeriod): Promise<Metrics>;
  currentQueries(name: string): Promise<CurrentQuery[]>;

  backupList(name: string): Promise<Backup[]>;
  backupNow(name: string, wait?: WaitOptions): Promise<Backup>;
  /** Puts the data of a backup in place of what is there. @param backup default: the newest */
  restore(name: string, backup?: string, wait?: WaitOptions): Promise<Service>;
  /** Makes a new service of a backup. */
  fork(name: string, as: string, options?: CreateOptions, wait?: WaitOptions): Promise<Service>;

  tags(name: string): Promise<Readonly<Record<string, string>>>;
  /** Sets and removes (null) tags. */
  tagsUpdate(
    name: string,
    tags: Readonly<Record<string, string | null>>,
  ): Promise<Readonly<Record<string, string>>>;
  tagsReplace(
    name: string,
    tags: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, string>>>;
  /** Newest first. @param name default: all services, those that are gone included */
  events(name?: string, limit?: number): Promise<ServiceEvent[]>;

  /** Makes a replica the primary. @throws RedoubtError `SERVICE_UNFIT` for a plan without replicas */
  failover(name: string, wait?: WaitOptions): Promise<Service>;
  /** Serves a new certificate; no connection is dropped. */
  rotateCertificate(name: string): Promise<Service>;
  simulate(name: string, kind: SimulationKind, options?: SimulationOptions): Promise<SimulationState>;
  simulateStop(name: string, kind: SimulationKind): Promise<void>;
}

/** How services are opened. */
export interface ServicesOptions {
  /** Folder with all state. Default: `REDOUBT_HOME`, else `redoubt` in the XDG data folder (`~/.local/share`). */
  readonly home?: string;
  /** Who is said to have made changes. Default `user@host`. */
  readonly actor?: string;
}

import type { Snapshot } from "../model/snapshot.ts";
import type { LogLine, LogOptions } from "./logs/log-store.ts";

/** Why an app has ended. */
export type ExitReason = "stopped" | "interrupted";

/** Where an endpoint of a running resource is reached from this machine. */
export interface EndpointAddress {
  /** `http://localhost:3000` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/** How somebody waits. */
export interface WaitOptions {
  /** How long it may take, ms. Default 300,000. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** What a command says about how it went. */
export interface CommandOutcome {
  readonly success: boolean;
  readonly message?: string;
}

/**
 * An app that runs. It ends with {@link RunningApp.stop}, and at the end of the block when declared with `await using`.
 *
 * Methods that take the name of a resource throw `APP_REFERENCE` for one that there is not.
 */
export interface RunningApp extends AsyncDisposable {
  /** All resources as they are now; secrets are masked. */
  snapshots(): readonly Snapshot[];
  /** One resource as it is now; secrets are masked. */
  snapshot(name: string): Snapshot;
  /** One resource as it is now, with its secrets in the clear. */
  reveal(name: string): Promise<Snapshot>;
  /** Calls back with each snapshot that changes. @returns what ends that */
  watch(listener: (snapshot: Snapshot) => void): () => void;
  /** Lines of a resource's log; without a name those of all. Of each the newest 10,000 are kept; secrets are masked. */
  logs(name?: string, options?: LogOptions): AsyncIterableIterator<LogLine>;
  /**
   * Starts a resource that does not run. Resolves when it runs, or when it waits for others.
   * @throws RedoubtError `APP_RESOURCE_FAILED`, and whatever else keeps it from starting
   */
  start(name: string): Promise<void>;
  /** Stops a resource; without a name the app with all of them, those first that others need last. */
  stop(name?: string): Promise<void>;
  /** Stops a resource where it runs, and starts it again, on the same ports. */
  restart(name: string): Promise<void>;
  /** Gives a resource one of its commands: `start`, `stop`, `restart`, or one of `withCommand`. */
  execute(name: string, command: string): Promise<CommandOutcome>;
  /**
   * Waits for a state, `healthy`, or `ended` (any end).
   * @throws RedoubtError `APP_RESOURCE_FAILED` when the resource has failed, or another end has come; `TIMEOUT_COMMAND`
   */
  waitFor(name: string, until: string, options?: WaitOptions): Promise<Snapshot>;
  /** Gives a parameter its value. @param options `keep`: also for later runs. Default false */
  setParameter(name: string, value: string, options?: { readonly keep?: boolean }): Promise<void>;
  /** Where an endpoint is. @param endpoint default: the first one */
  endpoint(name: string, endpoint?: string): Promise<EndpointAddress>;
  /** The connection string that programs of this machine are given, secrets included. */
  connectionString(name: string): Promise<string>;
  /** Resolves when the app has ended. */
  readonly done: Promise<ExitReason>;
}

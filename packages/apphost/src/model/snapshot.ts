/** What becomes of a resource. `Finished`, `FailedToStart` and `Exited` are ends. */
export type State =
  | "Hidden"
  | "NotStarted"
  | "ValueMissing"
  | "Waiting"
  | "Building"
  | "Starting"
  | "Running"
  | "RuntimeUnhealthy"
  | "Active"
  | "Stopping"
  | "Exited"
  | "Finished"
  | "FailedToStart"
  // Those of resources that are provisioned have words of their own.
  | (string & {});

/** How well a resource is that runs. */
export type Health = "healthy" | "degraded" | "unhealthy";

/** A resource at one moment, for people and programs that look at the app. Secrets are marked, and masked unless somebody reveals them. */
export interface Snapshot {
  readonly name: string;
  /** `redis`, `node-app`, `azure-managed-redis`. */
  readonly type: string;
  readonly state: State;
  /** Absent while it does not run. */
  readonly health?: Health;
  readonly exitCode?: number;
  readonly startedAt?: Date;
  readonly urls: readonly { readonly name: string; readonly url: string }[];
  readonly properties: Readonly<Record<string, { readonly value: string; readonly secret: boolean }>>;
  readonly environment: readonly {
    readonly name: string;
    readonly value: string;
    readonly secret: boolean;
  }[];
  readonly commands: readonly { readonly name: string; readonly title: string; readonly enabled: boolean }[];
  readonly parent?: string;
  /** Names of the resources for which it waits. */
  readonly waitingFor: readonly string[];
  /** What is the matter, in a sentence. */
  readonly message?: string;
}

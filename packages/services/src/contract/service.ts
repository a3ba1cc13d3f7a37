import type { SimulationState } from "./simulation.ts";
import type { ServiceUser } from "./user.ts";

/** What a service is running. */
export type ServiceType = "redis" | "valkey";

/**
 * How a service is: `RUNNING`, `REBUILDING` (it starts, or something of it is being replaced), `REBALANCING` (a failover is
 * under way), `POWEROFF`, `DAMAGED` (its files cannot be read; only lists show it, with nothing but its name and what is wrong).
 */
export type ServiceState = "RUNNING" | "REBUILDING" | "REBALANCING" | "POWEROFF" | "DAMAGED";

/** How clients come in: through a TLS terminator with an idle limit, or straight to the server's own TLS port. */
export type Route = "terminator" | "direct";

/**
 * After which silence the terminator hangs up: after that many milliseconds (the original had 12 hours), or after what
 * `redis_timeout` says.
 */
export type IdleRule = number | "follow";

/** Values of `user_config`, nested as its keys are; `null` where an option was removed. */
export type UserConfig = Readonly<Record<string, unknown>>;

/** One server of a service. */
export interface ServiceNode {
  /** `redis-1`, `sentinel-2` */
  readonly name: string;
  readonly kind: "data" | "sentinel";
  readonly role: "primary" | "replica" | "sentinel" | "unknown";
  readonly state: "running" | "starting" | "stopped" | "failed";
  /** Process id; null while it does not run. */
  readonly pid: number | null;
  /** Its own TLS port on the loopback address. */
  readonly port: number;
  /** How often it was started again because it had ended by itself. */
  readonly restarts: number;
}

/** Something of a service that can be dialled. */
export interface ServiceComponent {
  /** `redis`, `sentinel` */
  readonly component: string;
  readonly host: string;
  readonly port: number;
  readonly route: Route | "plain";
  /** `replica`: reads only. */
  readonly usage: "primary" | "replica";
  readonly tls: boolean;
  /** Connection string with the password of the user `default` in it. */
  readonly uri: string;
}

/** When maintenance may happen. Times are UTC. */
export interface Maintenance {
  readonly dayOfWeek:
    | "monday"
    | "tuesday"
    | "wednesday"
    | "thursday"
    | "friday"
    | "saturday"
    | "sunday"
    | "never";
  /** `HH:MM:SS` */
  readonly time: string;
}

/** What may be done with a service beyond data. */
export interface CommandPolicy {
  /** `managed`: the commands that managed services forbid are forbidden (ACL, CONFIG, DEBUG, MONITOR …). `all`: none is. */
  readonly commands: "managed" | "all";
  /** Whether Lua scripts and functions may be run. */
  readonly scripts: boolean;
}

/** The certificate that a service shows now. */
export interface ServiceCertificate {
  /** ISO 8601 */
  readonly expires: string;
  /** SHA-256, `AA:BB:…` */
  readonly fingerprint: string;
  readonly names: readonly string[];
  /** How often it was exchanged. */
  readonly rotations: number;
}

/**
 * A service as it is. Holds passwords: print {@link maskedService} of it.
 * Times are ISO 8601, UTC.
 */
export interface Service {
  readonly name: string;
  readonly type: ServiceType;
  readonly plan: string;
  readonly state: ServiceState;
  /** Counts changes of what the service should be. A change that was prepared from an older one is refused. */
  readonly revision: number;
  readonly created: string;
  readonly updated: string;
  /** Version of the server program, `7.0.15`; null while that is not known. */
  readonly version: string | null;
  /** Connection string with the password of the user `default`. With TLS it names the CA's file. */
  readonly uri: string;
  /** The parts of {@link uri}. */
  readonly uriParams: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly tls: boolean;
  };
  readonly components: readonly ServiceComponent[];
  readonly route: Route;
  readonly idle: IdleRule;
  readonly policy: CommandPolicy;
  /** What was set; options that are not in it have their defaults. */
  readonly userConfig: UserConfig;
  readonly users: readonly ServiceUser[];
  readonly nodes: readonly ServiceNode[];
  readonly tags: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  readonly maintenance: Maintenance;
  /** Since when plain text is spoken, and who allowed it; null while TLS is. */
  readonly plain: { readonly since: string; readonly by: string } | null;
  /** Clients that are connected, by the way they came. */
  readonly clients: Readonly<Record<Route | "plain", number>>;
  /** Path of the file with the certificate of the project's CA. */
  readonly caFile: string;
  readonly certificate: ServiceCertificate;
  /** Simulations that are switched on. */
  readonly simulations: readonly SimulationState[];
  /** Sentences for people. */
  readonly notifications: readonly string[];
  /** The process that keeps it; null while powered off. */
  readonly keeper: { readonly pid: number; readonly since: string } | null;
  /** Folder with everything of it. */
  readonly folder: string;
}

import type {
  CommandPolicy,
  IdleRule,
  Maintenance,
  Route,
  ServiceType,
  UserConfig,
} from "../contract/service.ts";
import type { AccessControl } from "../contract/user.ts";

/** A user as it is kept. */
export interface UserRecord {
  readonly username: string;
  readonly password: string;
  /** Null for `default`. */
  readonly access: AccessControl | null;
}

/** A server as it is kept: its ports stay for as long as the service is there. */
export interface NodeRecord {
  /** `redis-1`, `sentinel-2` */
  readonly name: string;
  readonly kind: "data" | "sentinel";
  readonly port: number;
  /** Port of its own for plain text, which only nodes of clusters open. */
  readonly plainPort: number;
  /** Port of the cluster bus. */
  readonly busPort: number;
}

/** What a service should be, as it is kept in `service.json`. Holds passwords. Whoever writes it holds the lock. */
export interface ServiceRecord {
  /** Of this format. */
  readonly format: 1;
  readonly name: string;
  readonly type: ServiceType;
  readonly plan: string;
  readonly revision: number;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly updated: string;
  readonly power: "on" | "off";
  readonly route: Route;
  readonly idle: IdleRule;
  readonly policy: CommandPolicy;
  readonly userConfig: UserConfig;
  /** `default` first. */
  readonly users: readonly UserRecord[];
  /** The user as whom the keeper and the servers themselves log in. */
  readonly operator: { readonly username: string; readonly password: string };
  readonly nodes: readonly NodeRecord[];
  /** Ports of the service itself. */
  readonly ports: { readonly tls: number; readonly plain: number };
  /** Whether the plain port was ever used: then it goes on telling where the service has moved. */
  readonly wasPlain: boolean;
  readonly plain: { readonly since: string; readonly by: string } | null;
  /** Which certificate is served: the files carry its number. */
  readonly certificate: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  readonly maintenance: Maintenance;
  /** Set while it is being removed: what finds it afterwards removes the rest. */
  readonly terminating: boolean;
}

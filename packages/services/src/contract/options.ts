import type { CommandPolicy, IdleRule, Maintenance, Route, UserConfig } from "./service.ts";

/** What a new service is to be. */
export interface CreateOptions {
  /** `redis`, `valkey`, or with the plan: `redis:startup-4`. Default `redis`. */
  readonly type?: string;
  /** Default: that of the type. The plan inside of `type` wins. */
  readonly plan?: string;
  /** Checked against the catalogue. */
  readonly userConfig?: UserConfig;
  /** Default `terminator`; `direct` for clusters. */
  readonly route?: Route;
  /** Default 43 200 000: 12 hours. */
  readonly idle?: IdleRule;
  /** Default: `managed`, with scripts. */
  readonly policy?: Partial<CommandPolicy>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly terminationProtection?: boolean;
  readonly maintenance?: Maintenance;
  /** Makes it a copy of the newest backup of that service, or of the one that `backup` names. */
  readonly forkFrom?: string;
  readonly backup?: string;
  /** Whether a service of that name that exists already is taken as it is. Default false. */
  readonly orExisting?: boolean;
}

/** What is to change; what is absent stays. */
export interface UpdateOptions {
  /** Options to set. */
  readonly userConfig?: UserConfig;
  /** Options to remove: they get their defaults. */
  readonly removeOptions?: readonly string[];
  readonly plan?: string;
  readonly route?: Route;
  readonly idle?: IdleRule;
  readonly policy?: Partial<CommandPolicy>;
  readonly terminationProtection?: boolean;
  readonly maintenance?: Maintenance;
  /** The revision that the change was prepared from: when the service has another by now, nothing is changed. */
  readonly revision?: number;
}

/** What a change of `update` did, or would do. */
export interface UpdatePreview {
  readonly from: { readonly uri: string; readonly port: number; readonly tls: boolean };
  readonly to: { readonly uri: string; readonly port: number; readonly tls: boolean };
  /** What changes, from what to what. */
  readonly changes: readonly { readonly key: string; readonly from: unknown; readonly to: unknown }[];
  /** Clients that are connected now, by the way they came. */
  readonly clients: Readonly<Record<Route | "plain", number>>;
  /** Whether servers are started again. */
  readonly restarts: boolean;
  /** Sentences for people: what an eavesdropper sees, who is cut off. */
  readonly warnings: readonly string[];
}

/** How long something may take, and who may end it. */
export interface WaitOptions {
  /** Milliseconds. Default 120 000. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** Hears one sentence for each step. */
  readonly progress?: (sentence: string) => void;
}

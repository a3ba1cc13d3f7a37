/** A line of a log. */
export interface LogLine {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly hostname: string;
  /** Who wrote it: `redis-1`, `sentinel-2`, `terminator`, `keeper`. */
  readonly unit: string;
  readonly message: string;
}

/** Which lines, and in which order. */
export interface LogOptions {
  /** Default 100. */
  readonly limit?: number;
  /** Where an earlier page ended. */
  readonly offset?: string;
  /** Default `desc`: the newest first. */
  readonly order?: "asc" | "desc";
}

/** A page of a log. */
export interface LogPage {
  readonly lines: readonly LogLine[];
  /** For the next page. */
  readonly offset: string;
}

/** What somebody changed. Never a secret. */
export interface ServiceEvent {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** `user@host`, `keeper` */
  readonly actor: string;
  readonly service: string;
  /** `service_create`, `service_update`, `user_create` … */
  readonly type: string;
  readonly description: string;
  /** What was changed, from what to what. */
  readonly changes: readonly { readonly key: string; readonly from: unknown; readonly to: unknown }[];
}

/**
 * What the options of a service come to, for the engine. `settingsOf` of the catalogue makes it of plan and `user_config`, with
 * all defaults filled in; the engine knows no option by name.
 */
export interface Settings {
  /** `redis_ssl` */
  readonly tls: boolean;
  /**
   * Lines of redis.conf for nodes that hold data: `maxmemory`, `timeout`, `databases`, `io-threads` … What can be set on a
   * running server is set there, the rest restarts it.
   */
  readonly directives: readonly (readonly [name: string, ...args: string[]])[];
  /** Names of those directives that only a restart changes. */
  readonly restarting: readonly string[];
  /** What data is written for: `rdb` snapshots as scheduled (every 10 minutes if changed), `off` nothing. */
  readonly persistence: "rdb" | "off";
  /** Rule for channels of users who have none of their own. */
  readonly channelsDefault: "allchannels" | "resetchannels";
  /** Networks that clients may come from, CIDR; null: all. Empty: none. */
  readonly allowedNetworks: readonly string[] | null;
  /** When the daily backup is taken, UTC; null: by the hour that the service was made. */
  readonly backupHour: number | null;
  readonly backupMinute: number | null;
  /** Whether logs are kept for `logs()`. */
  readonly keepsLogs: boolean;
}

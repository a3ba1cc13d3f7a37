/** When backups are due. Times are UTC. */
export interface ScheduleOptions {
  /** ms since 1970: when the service was made. */
  readonly created: number;
  /** Hour of the daily backup; null: that of `created`. */
  readonly hour: number | null;
  /** Minute of the daily backup; null: 0 where there is an hour, else that of `created`. */
  readonly minute: number | null;
  /** Days that backups are kept, by plan. 0: there are no daily ones. */
  readonly days: number;
}

/** Time between two frequent snapshots while data changes, ms: what `redis_persistence=rdb` promises. */
export const frequentEvery = 10 * 60_000;

/** When backups were taken last, ms since 1970; null for never. */
export interface LastBackups {
  readonly daily: number | null;
  readonly any: number | null;
}

/**
 * Which backup is due. A daily one that was missed, because the machine slept or was off, is due at once.
 * @param now ms since 1970
 */
export function dueBackup(
  now: number,
  last: LastBackups,
  options: ScheduleOptions,
): "daily" | "frequent" | null {
  const { created, days } = options;
  if (days > 0 && lastPoint(now, options) > Math.max(created, last.daily ?? 0)) return "daily";
  return now - Math.max(created, last.any ?? 0) >= frequentEvery ? "frequent" : null;
}

/** The last time at or before `now` at which the clock showed the hour and minute of daily backups. */
function lastPoint(now: number, { created, hour, minute }: ScheduleOptions): number {
  const made = new Date(created);
  const today = new Date(now);
  today.setUTCHours(hour ?? made.getUTCHours(), minute ?? (hour === null ? made.getUTCMinutes() : 0), 0, 0);
  const point = today.getTime();
  return point <= now ? point : point - 86_400_000;
}

/** A backup that can be restored. */
export interface Backup {
  /** `2026-11-29T10-20-00.000Z-3f2a` */
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Bytes. */
  readonly size: number;
  /** Folder or file that holds it. */
  readonly location: string;
  /** Why it was taken. */
  readonly reason: "schedule" | "order" | "power-off" | "restore";
}

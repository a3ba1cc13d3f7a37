/** The part of a connection's life that a check looks at, in the order in which they come. */
export const areas = ["string", "dns", "tcp", "tls", "auth", "server", "nodes", "way-out"] as const;

/** One of {@link areas}. `nodes` are those that a cluster or a Sentinel announces, `way-out` is what a cache depends on. */
export type Area = (typeof areas)[number];

/** `error`: it does not work, or not for every client; `warning`: it will fail, or fails now and then; `info`: good to know. */
export type DoctorSeverity = "error" | "warning" | "info";

/** What is known of a check before it looks. */
export interface CheckRow {
  readonly area: Area;
  readonly severity: DoctorSeverity;
  /** How sure it is, where it finds something, that this is the cause: 0 to 1. */
  readonly likelihood: number;
  readonly title: string;
  /** What to do in general; a finding says it for the case at hand. */
  readonly fix: string;
}

/** Makes rows of one area. */
export const rowOf =
  (area: Area) =>
  (severity: DoctorSeverity, likelihood: number, title: string, fix: string): CheckRow => ({
    area,
    severity,
    likelihood,
    title,
    fix,
  });

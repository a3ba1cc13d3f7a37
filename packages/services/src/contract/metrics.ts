/** How far back metrics go: steps of 30 s, 5 min, 30 min, 3 h, 1 day. */
export type MetricsPeriod = "hour" | "day" | "week" | "month" | "year";

/** One series: points of time (ms since 1970) and value, null where nothing was measured. */
export interface MetricsSeries {
  /** `cpu_usage`, `mem_usage`, `disk_usage`, `disk_ioread`, `disk_iowrites`, `load_average`, `net_receive`, `net_send` */
  readonly name: string;
  readonly unit: string;
  /** For people. */
  readonly title: string;
  /** Node that was measured. */
  readonly node: string;
  readonly points: readonly (readonly [time: number, value: number | null])[];
}

/** What was measured of a service. */
export interface Metrics {
  readonly period: MetricsPeriod;
  /** Milliseconds between two points. */
  readonly step: number;
  readonly series: readonly MetricsSeries[];
}

/** A client that is connected, and what it did last. */
export interface CurrentQuery {
  readonly id: number;
  /** Node that it is connected to. */
  readonly node: string;
  /** The command that it sent last, in lower case. */
  readonly query: string;
  /** Milliseconds since then. */
  readonly idle: number;
  /** Milliseconds since it connected. */
  readonly age: number;
  readonly address: string;
  /** What it calls itself (CLIENT SETNAME); empty when it does not. */
  readonly name: string;
  readonly user: string;
  readonly database: number;
  readonly route: "terminator" | "direct" | "plain" | "internal";
}

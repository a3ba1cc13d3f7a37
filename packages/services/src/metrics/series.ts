import type { MetricsPeriod } from "../contract/metrics.ts";

/** A series that is kept. Names are those of Aiven's metrics. */
export interface SeriesRow {
  readonly name: string;
  readonly unit: string;
  readonly title: string;
}

/** Every series, in the order in which the ring file has them. Adding one at the end makes a new version of the file. */
export const seriesTable = [
  { name: "cpu_usage", unit: "%", title: "CPU usage % of one core, by the server's process" },
  {
    name: "mem_usage",
    unit: "%",
    title: "Memory usage % of maxmemory, or of the machine where there is none",
  },
  { name: "disk_usage", unit: "%", title: "Disk space usage %, of the file system that holds the data" },
  { name: "disk_ioread", unit: "bytes/s", title: "Disk reads" },
  { name: "disk_iowrites", unit: "bytes/s", title: "Disk writes" },
  { name: "load_average", unit: "", title: "Load average of the machine, one minute" },
  { name: "net_receive", unit: "bytes/s", title: "Network receive, replication included" },
  { name: "net_send", unit: "bytes/s", title: "Network transmit, replication included" },
] as const satisfies readonly SeriesRow[];

/** Name of a series. */
export type SeriesName = (typeof seriesTable)[number]["name"];

/** Values of one moment; null where there is nothing to measure it with. */
export type Sample = Readonly<Record<SeriesName, number | null>>;

/** One resolution in which everything is kept. */
export interface Archive {
  readonly period: MetricsPeriod;
  /** Seconds of one point. */
  readonly step: number;
  /** Points. */
  readonly slots: number;
}

const hour = 3600;
const day = 24 * hour;

/** Steps and reach as Aiven has them: an hour in steps of 30 s, a day of 5 min, a week of 30 min, a month of 3 h, a year of 1 day. */
export const archives: readonly Archive[] = [
  { period: "hour", step: 30, slots: hour / 30 },
  { period: "day", step: 300, slots: day / 300 },
  { period: "week", step: 1800, slots: (7 * day) / 1800 },
  { period: "month", step: 3 * hour, slots: (31 * day) / (3 * hour) },
  { period: "year", step: day, slots: 366 },
];

import type { Contender } from "../clients/contender.ts";
import type { Measurement, Task } from "../measurement.ts";

/** What has to be reached: as a ratio to the best peer in any of its settings, and to the bare socket. */
export interface Goal {
  readonly peer?: number;
  readonly raw?: number;
}

/** One row of the comparison. */
export interface Shape {
  readonly title: string;
  readonly unit: "ops/s" | "KiB" | "MiB" | "ms";
  /** Whether a larger figure is the better one. */
  readonly better: "more" | "less";
  readonly goal: { readonly tls: Goal; readonly tcp: Goal };
  /** Measured once over plain TCP: no goal is set there. */
  readonly slow?: boolean;
  /** Whether it is measured beside 32 MiB of other data. Default: in an empty program. */
  readonly holdsData?: boolean;
  /** Measured once, and over the first transport only: it takes long, and differs little. */
  readonly once?: boolean;
  /** Whether the cluster is asked. */
  readonly cluster?: boolean;
  /** @returns null when the client cannot do it */
  readonly measure: (contender: Contender, task: Task) => Promise<Measurement | null>;
  /** The same over a bare socket, where there is such a thing. */
  readonly measureRaw?: (task: Task) => Promise<Measurement>;
}

/** Something that Azure would refuse, or that would not be what it looks like. Found before anything is written. */
export interface Violation {
  /** Name of the resource in the app model. */
  readonly resource: string;
  /** Path of the setting: `database.clusteringPolicy`. */
  readonly key: string;
  /** `error`: nothing is written. `warning`: it is said, and goes on. */
  readonly severity: "error" | "warning";
  /** One sentence. */
  readonly message: string;
  /** What to do, one sentence. */
  readonly fix: string;
}

/** A finding without the name of its resource, which {@link judged} puts in. */
export type Finding = Omit<Violation, "resource" | "severity"> & { readonly severity?: "error" | "warning" };

/** Findings of one resource; without a severity they are errors. */
export function judged(resource: string, findings: Iterable<Finding>): Violation[] {
  return [...findings].map(({ severity = "error", ...finding }) => ({ resource, severity, ...finding }));
}

import { describeCallSite } from "../../model/call-site.ts";
import type { Resource } from "../../model/resource.ts";

/** Something that Azure would refuse, or that would not be what it looks like. Found before anything is written. */
export interface Violation {
  /** Name of the resource in the app model. */
  readonly resource: string;
  /** Path of the setting: `database.clusteringPolicy`. */
  readonly key: string;
  /** `error`: nothing is written. `warning`: it is said, and goes on. */
  readonly severity: "error" | "warning";
  /** Call and line of the user's file that made the resource, where they are known. */
  readonly where?: string;
  /** One sentence. */
  readonly message: string;
  /** What to do, one sentence. */
  readonly fix: string;
}

/** A finding without its resource, which {@link judged} puts in. */
export type Finding = Omit<Violation, "resource" | "severity" | "where"> & {
  readonly severity?: "error" | "warning";
};

/** Findings of one resource; without a severity they are errors. */
export function judged({ name, madeAt }: Resource, findings: Iterable<Finding>): Violation[] {
  const where = describeCallSite(madeAt);
  return [...findings].map(({ severity = "error", ...finding }) => ({
    resource: name,
    severity,
    ...finding,
    ...(where === "" ? {} : { where }),
  }));
}

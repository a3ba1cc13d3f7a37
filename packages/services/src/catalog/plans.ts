import { nearestName, RedoubtError } from "@redoubt/client";
import { type ServiceTypeName, serviceTypeNames, serviceTypes } from "./service-types.ts";

/** Who serves what: one node; a primary with replicas, watched by Sentinels; masters that share the keys. */
export type Topology = "single" | "replicated" | "cluster";

/** A size of service, as managed services sell it. */
export interface Plan {
  /** `startup-4` */
  readonly name: string;
  /** `startup` */
  readonly family: PlanFamily;
  readonly topology: Topology;
  /** Servers that hold data. */
  readonly nodes: number;
  /** Sentinels beside them. */
  readonly sentinels: number;
  /** Memory of one node, bytes. */
  readonly memory: number;
  /** What data may take of it, bytes: 70 % (`maxmemory`). */
  readonly maxMemory: number;
  /** Replication log, bytes: 10 % (`repl-backlog-size`). */
  readonly backlog: number;
  /** Connections to one node: 4 for each megabyte of memory, at least 10 000 (`maxclients`). */
  readonly connections: number;
  /** For how many days backups are kept. */
  readonly backupDays: number;
  /** For people: `1 node, 4 GB, backups of 1 day`. */
  readonly description: string;
}

/** What plans are named after. */
export type PlanFamily = "hobbyist" | "startup" | "business" | "premium" | "cluster";

const megabyte = 1024 * 1024;
const sizes = [1, 4, 8, 14, 28, 56, 112, 225];
/** A cluster elects with a majority of its masters: three at least. More than twelve no laptop carries. */
const clusterSizes = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

const families: Readonly<
  Record<PlanFamily, Pick<Plan, "topology" | "sentinels" | "backupDays"> & { nodes: number }>
> = {
  hobbyist: { topology: "single", nodes: 1, sentinels: 0, backupDays: 0 },
  startup: { topology: "single", nodes: 1, sentinels: 0, backupDays: 1 },
  business: { topology: "replicated", nodes: 2, sentinels: 3, backupDays: 3 },
  premium: { topology: "replicated", nodes: 3, sentinels: 3, backupDays: 13 },
  cluster: { topology: "cluster", nodes: 0, sentinels: 0, backupDays: 3 },
};

function plan(name: string, family: PlanFamily, megabytes: number, nodes = families[family].nodes): Plan {
  const { topology, sentinels, backupDays } = families[family];
  const memory = megabytes * megabyte;
  const size = megabytes < 1024 ? `${megabytes} MB` : `${megabytes / 1024} GB`;
  const who =
    topology === "cluster"
      ? `cluster of ${nodes} nodes, ${size} each`
      : topology === "replicated"
        ? `${nodes} nodes and ${sentinels} Sentinels, ${size}`
        : `1 node, ${size}`;
  const kept = backupDays === 0 ? "no backups" : `backups of ${backupDays} day${backupDays > 1 ? "s" : ""}`;
  return {
    name,
    family,
    topology,
    nodes,
    sentinels,
    memory,
    maxMemory: Math.floor(memory * 0.7),
    backlog: Math.floor(memory * 0.1),
    connections: Math.max(10_000, 4 * megabytes),
    backupDays,
    description: `${who}, ${kept}`,
  };
}

/** Every plan, smallest first in each family. The same for Redis and Valkey. */
export const plans: readonly Plan[] = [
  plan("hobbyist", "hobbyist", 512),
  ...(["startup", "business", "premium"] as const).flatMap((family) =>
    sizes.map((size) => plan(`${family}-${size}`, family, size * 1024)),
  ),
  ...clusterSizes.map((nodes) => plan(`cluster-${nodes}`, "cluster", 1024, nodes)),
];

/**
 * The plan of that name.
 *
 * @throws RedoubtError CONFIG_UNKNOWN_KEY with the nearest name and the sizes that there are
 */
export function planNamed(name: string): Plan {
  const found = plans.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const names = plans.map((candidate) => candidate.name);
  throw new RedoubtError("CONFIG_UNKNOWN_KEY", "There is no plan of that name.", {
    hint: `${suggestion(name, names)}Plans: hobbyist, {startup,business,premium}-{${sizes.join(",")}}, cluster-{${clusterSizes.join(",")}}.`,
  });
}

/**
 * The type of that name.
 *
 * @throws RedoubtError CONFIG_UNKNOWN_KEY with the nearest name and all names
 */
export function serviceTypeNamed(name: string): ServiceTypeName {
  const found = serviceTypeNames.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  throw new RedoubtError("CONFIG_UNKNOWN_KEY", "There is no type of service of that name.", {
    hint: `${suggestion(name, serviceTypeNames)}Types: ${serviceTypeNames.join(", ")}.`,
  });
}

/**
 * What `TYPE`, `TYPE:PLAN` and a plan of its own mean together; the plan inside of the type wins, as with the command line
 * that this follows. Without any: `redis:startup-1`.
 */
export function typeAndPlan(
  type: string | undefined,
  planName: string | undefined,
): {
  readonly type: ServiceTypeName;
  readonly plan: Plan;
} {
  const [typeName = "redis", inside] = (type ?? "redis").split(":", 2);
  const known = serviceTypeNamed(typeName);
  return { type: known, plan: planNamed(inside ?? planName ?? serviceTypes[known].defaultPlan) };
}

function suggestion(name: string, names: readonly string[]): string {
  const near = nearestName(name, names);
  return near === null ? "" : `Did you mean ${near}? `;
}

import { join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import { BackupStore, backupsFolder } from "../backups/backup-store.ts";
import { placeSnapshot } from "../backups/restoration.ts";
import { planNamed } from "../catalog/plans.ts";
import { settingsOf } from "../catalog/settings.ts";
import type { CreateOptions } from "../contract/options.ts";
import type { ServicePlaces } from "../state/places.ts";
import type { ServiceRecord } from "../state/record.ts";
import type { Store } from "../state/store.ts";

/** The backups of a service, whether it runs or not. */
export function backupsOf({ places, disk }: Store, name: string): BackupStore {
  return new BackupStore(backupsFolder(places.service(name).folder), disk);
}

/** Which service and which backup of it a new one begins with; options win over `user_config`. */
function forkOf({ forkFrom, backup, userConfig = {} }: CreateOptions): {
  readonly forkFrom?: string | undefined;
  readonly backup?: string | undefined;
} {
  const { service_to_fork_from: parent, recovery_basebackup_name: base } = userConfig;
  return {
    forkFrom: forkFrom ?? (typeof parent === "string" ? parent : undefined),
    backup: backup ?? (typeof base === "string" ? base : undefined),
  };
}

/**
 * The options of a new service; a fork is of the type and the plan of the service that it is made of, where nothing else is said.
 *
 * @throws RedoubtError `SERVICE_UNKNOWN`
 */
export async function asForked(store: Store, options: CreateOptions): Promise<CreateOptions> {
  const { forkFrom } = forkOf(options);
  if (forkFrom === undefined) return options;
  const { type, plan } = await store.read(forkFrom);
  return { ...options, type: options.type ?? type, plan: options.plan ?? plan };
}

/** Puts data where the nodes of a new service will read it when they start. */
export type Seed = (record: ServiceRecord, places: ServicePlaces) => Promise<void>;

/**
 * What a new service begins with: a backup of another one, checked, or nothing.
 * @throws RedoubtError `SERVICE_UNKNOWN`, `SERVICE_BACKUP_UNKNOWN`, `SERVICE_BACKUP_DAMAGED`
 */
export async function seedOf(store: Store, options: CreateOptions): Promise<Seed | null> {
  const { forkFrom, backup: name } = forkOf(options);
  if (forkFrom === undefined) {
    if (name === undefined) return null;
    throw new RedoubtError("CONFIG_MISSING", `The backup ${name} is of which service?`, {
      hint: "Name the service, too (forkFrom).",
    });
  }
  await store.read(forkFrom);
  const backups = backupsOf(store, forkFrom);
  const backup = await backups.get(name);
  await backups.verify(backup);
  return async (record, places) => {
    const plan = planNamed(record.plan);
    const { persistence } = settingsOf(record.type, plan, record.userConfig);
    if (backup.cluster !== (plan.topology === "cluster"))
      throw new RedoubtError("SERVICE_UNFIT", `The backup ${backup.name} is of a service of another kind`, {
        hint: backup.cluster
          ? `Fork it into a cluster of ${backup.parts.length} nodes.`
          : "Fork it into a service that is no cluster.",
      });
    const nodes = record.nodes.filter(({ kind }) => kind === "data");
    if (backup.cluster && backup.parts.length !== nodes.length)
      throw new RedoubtError(
        "SERVICE_UNFIT",
        `The backup ${backup.name} is of ${backup.parts.length} nodes`,
        {
          hint: `Fork it into a cluster of ${backup.parts.length} nodes.`,
        },
      );
    // Replicas get it from the first.
    for (const node of backup.cluster ? nodes : nodes.slice(0, 1))
      await placeSnapshot(
        backups.partFor(backup, node.name),
        join(places.node(node.name), "data"),
        persistence === "rdb",
        store.disk,
      );
  };
}

import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import type { Backup } from "../contract/backup.ts";
import type { NodeHandle } from "../contract/node-handle.ts";
import { Disk, readIfThere } from "../state/disk.ts";
import { type SnapshotOptions, takeSnapshot } from "./snapshot.ts";
import { checkSnapshot, type Fingerprint, fingerprint, keepSnapshot } from "./snapshot-file.ts";

/** A file of a backup: the snapshot of one node. */
export interface BackupPart extends Fingerprint {
  /** Node that wrote it: `redis-1`. */
  readonly node: string;
  /** Name of the file in the folder of the backup. */
  readonly file: string;
}

/** A backup with all that restoring it needs: what `backup.json` in its folder says. */
export interface KeptBackup extends Backup {
  /** One for each node of a cluster, else one. */
  readonly parts: readonly BackupPart[];
  /** Whether each part is a share of the slots of a cluster. */
  readonly cluster: boolean;
  /** Whether it was taken because ten minutes were over and something had changed: only the newest of these is kept. */
  readonly frequent: boolean;
}

/** What a new backup is. */
export interface TakeOptions extends SnapshotOptions {
  readonly reason: Backup["reason"];
  readonly cluster?: boolean;
  readonly frequent?: boolean;
  /** ms since 1970. Default: now. */
  readonly now?: number;
}

/** Folder of the backups below that of a service. */
export const backupsFolder = (service: string): string => join(service, "backups");

const catalogueFile = "backup.json";
const catalogueVersion = 1;
const unfinished = ".unfinished-";

/**
 * The backups of one service, a folder for each: snapshots, and a catalogue file that says what they are. A backup gets its name
 * when all of it is on disk, so that there are only whole ones, whenever the machine stops; a list of all in one file could
 * disagree with the folders.
 */
export class BackupStore {
  readonly folder: string;
  readonly #disk: Disk;

  /** @param folder made when it is needed */
  constructor(folder: string, disk: Disk = new Disk()) {
    this.folder = folder;
    this.#disk = disk;
  }

  /** All backups, the newest first. */
  async list(): Promise<KeptBackup[]> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    const read = await Promise.all(
      names.filter((name) => !name.startsWith(".")).map((name) => this.#read(name)),
    );
    const found = read.filter((backup) => backup !== null);
    return found.sort((a, b) => b.time.localeCompare(a.time) || b.name.localeCompare(a.name));
  }

  /** One backup. @param name default: the newest @throws RedoubtError `SERVICE_BACKUP_UNKNOWN` */
  async get(name?: string): Promise<KeptBackup> {
    const all = await this.list();
    const found = name === undefined ? all[0] : all.find((backup) => backup.name === name);
    if (found !== undefined) return found;
    if (all.length === 0) throw new RedoubtError("SERVICE_BACKUP_UNKNOWN", "There are no backups");
    const newest = all.slice(0, 3).map((backup) => backup.name);
    throw new RedoubtError("SERVICE_BACKUP_UNKNOWN", `There is no backup ${JSON.stringify(name)}`, {
      hint: `The newest ${newest.length === 1 ? "is" : "are"} ${newest.join(", ")}.`,
    });
  }

  /**
   * Takes a backup of what the nodes hold now, while they go on serving.
   * @param nodes those of a cluster that have slots, else the one that takes writes
   * @throws RedoubtError `SERVICE_FAILED`; nothing of it stays then
   */
  async take(nodes: readonly NodeHandle[], options: TakeOptions): Promise<KeptBackup> {
    if (nodes.length === 0)
      throw new RedoubtError("SERVICE_FAILED", "No server runs whose data could be saved");
    const time = new Date(options.now ?? Date.now()).toISOString();
    // Without colons: it is the name of a folder on systems of all kinds.
    const name = `${time.replaceAll(":", "-")}-${randomBytes(2).toString("hex")}`;
    await this.#disk.folder(this.folder);
    const draft = join(this.folder, `${unfinished}${name}`);
    const location = join(this.folder, name);
    try {
      await this.#disk.folder(draft);
      const parts: BackupPart[] = [];
      for (const node of nodes) {
        const file = `${node.name}.rdb`;
        const written = await takeSnapshot(node, options);
        parts.push({ node: node.name, file, ...(await keepSnapshot(written, join(draft, file))) });
      }
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const { reason, cluster = false, frequent = false } = options;
      const backup: KeptBackup = { name, time, size, location, reason, parts, cluster, frequent };
      const { location: _, ...said } = backup;
      await this.#disk.write(
        join(draft, catalogueFile),
        `${JSON.stringify({ version: catalogueVersion, ...said }, null, 2)}\n`,
      );
      await this.#disk.move(draft, location);
      return backup;
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * Makes sure that a backup is what was put away, and that the server's own program can read it.
   * @param program see {@link checkSnapshot}
   * @throws RedoubtError `SERVICE_BACKUP_DAMAGED`
   */
  async verify(backup: KeptBackup, program = "redis-check-rdb"): Promise<void> {
    for (const { file, size, sha256 } of backup.parts) {
      const path = join(backup.location, file);
      const found = await fingerprint(path).catch(
        (error: NodeJS.ErrnoException) => error.code ?? "cannot be read",
      );
      const trouble =
        typeof found === "string"
          ? found
          : found.size !== size
            ? `it has ${found.size} bytes, and had ${size}`
            : found.sha256 !== sha256
              ? "its SHA-256 is another than when it was taken"
              : await checkSnapshot(path, program);
      if (trouble !== null)
        throw new RedoubtError("SERVICE_BACKUP_DAMAGED", `${file} of the backup ${backup.name}: ${trouble}`);
    }
  }

  /** Path of the snapshot for a node. @throws RedoubtError `SERVICE_UNFIT` for a cluster of other nodes */
  partFor(backup: KeptBackup, node: string): string {
    const part = backup.cluster ? backup.parts.find((one) => one.node === node) : backup.parts[0];
    if (part === undefined)
      throw new RedoubtError(
        "SERVICE_UNFIT",
        `The backup ${backup.name} holds nothing for the node ${node}`,
        {
          hint: `It was taken of a cluster of ${backup.parts.length}: restore it into one of as many nodes.`,
        },
      );
    return join(backup.location, part.file);
  }

  /** Removes a backup. */
  async remove(backup: Pick<Backup, "location" | "name">): Promise<void> {
    // Out of the list first: half a backup must not be in it.
    const away = join(this.folder, `${unfinished}${backup.name}`);
    await this.#disk.move(backup.location, away);
    await rm(away, { recursive: true, force: true });
  }

  /**
   * Removes what is too old: daily backups after `days` days, those by order or on the way after as many, but not before a day is
   * over, of the frequent ones all but the newest. The newest backup of all stays, however old.
   *
   * @param days of the plan
   * @returns what was removed
   */
  async prune(days: number, now: number = Date.now()): Promise<KeptBackup[]> {
    const all = await this.list();
    const newestFrequent = all.find(({ frequent }) => frequent)?.name;
    const oldest = (least: number): number => now - Math.max(days, least) * 86_400_000;
    const gone = all
      .slice(1)
      .filter(({ name, frequent, time, reason }) =>
        frequent ? name !== newestFrequent : Date.parse(time) < oldest(reason === "schedule" ? 0 : 1),
      );
    for (const backup of gone) await this.remove(backup);
    return gone;
  }

  /** Removes what a crash left unfinished. For the one process that takes backups, when it starts. */
  async sweep(): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names)
      if (name.startsWith(unfinished)) await rm(join(this.folder, name), { recursive: true, force: true });
  }

  /** @returns null for a folder that is no backup */
  async #read(name: string): Promise<KeptBackup | null> {
    const text = await readIfThere(join(this.folder, name, catalogueFile)).catch(() => null);
    if (text === null) return null;
    try {
      const { version, ...said } = JSON.parse(text) as KeptBackup & { readonly version: number };
      // The folder may have been moved with all of its home.
      return version === catalogueVersion ? { ...said, name, location: join(this.folder, name) } : null;
    } catch {
      return null;
    }
  }
}

/** Without what only restoring needs. */
export function shown({ name, time, size, location, reason }: KeptBackup): Backup {
  return { name, time, size, location, reason };
}

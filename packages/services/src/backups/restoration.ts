import { access, cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { NodeHandle } from "../contract/node-handle.ts";
import { Disk, readIfThere } from "../state/disk.ts";
import { copySnapshot } from "./snapshot-file.ts";

/** Files of a data folder that hold data. All others (`nodes.conf` of a cluster) belong to the node and stay. */
const dataFiles = /^(dump\.rdb|appendonlydir|appendonly\.aof|temp-.*)$/;

const fresh = (folder: string): string => `${folder}.restoring`;
const old = (folder: string): string => `${folder}.before-restore`;

/**
 * Puts a snapshot where a server will read it when it starts.
 * @param dataFolder made if absent; must hold no data
 * @param appendOnly whether the server keeps an append-only file: then it reads that, and no `dump.rdb`. A file of this
 *   name may begin with a snapshot, and Redis 7 moves it to its own place (`aofUpgradePrepare`)
 */
export async function placeSnapshot(
  snapshot: string,
  dataFolder: string,
  appendOnly: boolean,
  disk: Disk = new Disk(),
): Promise<void> {
  await disk.folder(dataFolder);
  await copySnapshot(snapshot, join(dataFolder, appendOnly ? "appendonly.aof" : "dump.rdb"));
}

/** How far a restoration had come, for the process that finds it. */
interface Journal {
  readonly backup: string;
  /** `swapping`: some nodes may have their old data. `swapped`: all have the new. */
  readonly step: "swapping" | "swapped";
}

/**
 * Exchanges the data of nodes for that of a backup. The old data is kept beside the new until all have started with it, and a
 * process that dies on the way leaves what {@link Restoration.recover} brings in order: all nodes have the old data, or all the new.
 */
export class Restoration {
  readonly #journal: string;
  readonly #disk: Disk;

  /** @param folder of the service */
  constructor(folder: string, disk: Disk = new Disk()) {
    this.#journal = join(folder, "restoration.json");
    this.#disk = disk;
  }

  /**
   * Stops all, exchanges, and starts all. When one does not start with the new data, all get their old data back.
   *
   * @param nodes that hold data, those first that others replicate from
   * @param watchers Sentinels: nothing may look like a failure to them
   * @param snapshotFor path of the snapshot for a node
   * @throws what stopping or starting threw; the old data is in its place then
   */
  async run(
    backup: string,
    nodes: readonly NodeHandle[],
    watchers: readonly NodeHandle[],
    snapshotFor: (node: string) => string,
  ): Promise<void> {
    const folders = nodes.map(({ dataFolder }) => dataFolder);
    for (const node of nodes)
      await this.prepare(node.dataFolder, snapshotFor(node.name), await appendsOnly(node));
    const all = [...nodes, ...watchers];
    for (const node of all.toReversed()) await node.stop();
    try {
      await this.exchange(backup, folders);
      for (const node of all) await node.start();
      for (const node of nodes) await answers(node);
    } catch (error) {
      for (const node of all.toReversed()) await node.stop().catch(() => {});
      // Whoever finds it half done must not take what is still in place for the new data of all.
      await this.#write({ backup, step: "swapping" });
      await this.#rollBack(folders);
      for (const node of all) await node.start().catch(() => {});
      throw error;
    }
    await this.commit(folders);
  }

  /** Puts the new data of a node beside the old. */
  async prepare(dataFolder: string, snapshot: string, appendOnly: boolean): Promise<void> {
    await rm(fresh(dataFolder), { recursive: true, force: true });
    await placeSnapshot(snapshot, fresh(dataFolder), appendOnly, this.#disk);
  }

  /** Exchanges the data of all nodes, which must have ended. */
  async exchange(backup: string, dataFolders: readonly string[]): Promise<void> {
    await this.#write({ backup, step: "swapping" });
    for (const folder of dataFolders) {
      await carryOver(folder, fresh(folder));
      await this.#disk.move(folder, old(folder));
      await this.#disk.move(fresh(folder), folder);
    }
    await this.#write({ backup, step: "swapped" });
  }

  /**
   * Brings in order what a crash left. To be called before any of the nodes is started.
   * @returns which data is in place: `old`, `new`, or null when nothing had been left. After `new`, {@link Restoration.commit} it as
   *   soon as the nodes answer
   */
  async recover(dataFolders: readonly string[]): Promise<"old" | "new" | null> {
    const text = await readIfThere(this.#journal);
    if (text !== null && (JSON.parse(text) as Journal).step === "swapped") return "new";
    await this.#rollBack(dataFolders);
    return text === null ? null : "old";
  }

  /** The nodes have answered with their new data: the old is not needed any more. */
  async commit(dataFolders: readonly string[]): Promise<void> {
    for (const folder of dataFolders)
      for (const gone of [old(folder), fresh(folder)]) await rm(gone, { recursive: true, force: true });
    await rm(this.#journal, { force: true });
  }

  async #rollBack(folders: readonly string[]): Promise<void> {
    for (const folder of folders) {
      if (await exists(old(folder))) {
        await rm(folder, { recursive: true, force: true });
        await this.#disk.move(old(folder), folder);
      }
      await rm(fresh(folder), { recursive: true, force: true });
    }
    await rm(this.#journal, { force: true });
  }

  #write(journal: Journal): Promise<void> {
    return this.#disk.write(this.#journal, JSON.stringify(journal));
  }
}

/** A node's own files. */
async function carryOver(from: string, to: string): Promise<void> {
  const names = await readdir(from);
  for (const name of names)
    if (!dataFiles.test(name))
      await cp(join(from, name), join(to, name), { recursive: true, preserveTimestamps: true });
}

async function appendsOnly(node: NodeHandle): Promise<boolean> {
  using control = await node.control();
  const reply = await control.call("CONFIG", "GET", "appendonly");
  return Array.isArray(reply) && reply[1] === "yes";
}

async function answers(node: NodeHandle): Promise<void> {
  using control = await node.control();
  await control.call("PING");
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

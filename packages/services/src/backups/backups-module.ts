import { basename, dirname, join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import type { Backup } from "../contract/backup.ts";
import type { KeeperModule, MakeModule } from "../contract/module.ts";
import type { NodeHandle, ServiceContext } from "../contract/node-handle.ts";
import { BackupStore, backupsFolder, type KeptBackup, shown } from "./backup-store.ts";
import { Restoration } from "./restoration.ts";
import { dueBackup } from "./schedule.ts";
import { persistenceOf } from "./snapshot.ts";

/** How often it is looked whether a backup is due, ms. */
const lookEvery = 20_000;

/** Takes backups of a service as scheduled and by order, and restores them. */
export const backupsModule: MakeModule = (context) => new BackupsModule(context);

class BackupsModule implements KeeperModule {
  readonly orders: KeeperModule["orders"];
  readonly #context: ServiceContext;
  readonly #store: BackupStore;
  readonly #restoration: Restoration;
  /** When each node had saved last, s since 1970, as seen after the last backup. */
  #seen: ReadonlyMap<string, number> | null = null;
  #looking: NodeJS.Timeout | undefined;
  #working: Promise<unknown> = Promise.resolve();

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#store = new BackupStore(backupsFolder(context.folder));
    this.#restoration = new Restoration(context.folder);
    this.orders = {
      "backup-now": () => this.#queue(async () => shown(await this.#take("order"))),
      restore: async ({ backup: name }, progress) => {
        const backup = await this.#checked(typeof name === "string" ? name : undefined, progress);
        // The keeper's queue first, then this one's, never the other way round: whoever ends the service waits for both.
        return this.#context.alone(() => this.#queue(() => this.#restore(backup, progress)));
      },
    };
  }

  async prepare(): Promise<void> {
    const found = await this.#restoration.recover(this.#dataFolders);
    if (found !== null) this.#context.say(`A restoration was cut short: the ${found} data is in place.`);
  }

  async start(): Promise<void> {
    await this.#restoration.commit(this.#dataFolders);
    await this.#store.sweep();
    clearTimeout(this.#looking);
    this.#arm();
  }

  async powerOff(progress: (sentence: string) => void): Promise<void> {
    if (this.#context.settings.persistence === "off") return;
    progress("A last backup is taken.");
    await this.#queue(() => this.#take("power-off"));
  }

  async stop(): Promise<void> {
    clearTimeout(this.#looking);
    this.#looking = undefined;
    await this.#working;
  }

  get #dataFolders(): string[] {
    return this.#context.nodes.map(({ dataFolder }) => dataFolder);
  }

  /** Whose snapshots make a backup: all nodes of a cluster, else the one that takes writes. */
  get #sources(): readonly NodeHandle[] {
    const { topology, nodes, primary } = this.#context;
    return topology === "cluster" ? nodes : primary === null ? [] : [primary];
  }

  #arm(): void {
    this.#looking = setTimeout(() => {
      void this.#queue(() => this.#look())
        .catch((error: Error) => this.#context.say(`A backup could not be taken: ${error.message}`))
        // Not when it was stopped meanwhile.
        .finally(() => this.#looking !== undefined && this.#arm());
    }, lookEvery);
  }

  async #look(): Promise<void> {
    const { settings, created, backupDays: days, primary } = this.#context;
    if (settings.persistence === "off" || primary === null) return;
    const backups = await this.#store.list();
    const timeOf = (backup: KeptBackup | undefined): number | null =>
      backup === undefined ? null : Date.parse(backup.time);
    const daily = backups.find(({ reason, frequent }) => reason === "schedule" && !frequent);
    const due = dueBackup(
      Date.now(),
      { daily: timeOf(daily), any: timeOf(backups[0]) },
      { created, hour: settings.backupHour, minute: settings.backupMinute, days },
    );
    if (due === null || (due === "frequent" && !(await this.#changed()))) return;
    await this.#take("schedule", due === "frequent");
  }

  /** Whether anything was written since the last backup. Servers count from their last snapshot, whoever ordered that. */
  async #changed(): Promise<boolean> {
    const seen = this.#seen;
    for (const node of this.#sources) {
      const { changes, lastSave } = await persistenceOf(node);
      if (changes > 0 || seen?.get(node.name) !== lastSave) return true;
    }
    return false;
  }

  async #take(reason: Backup["reason"], frequent = false): Promise<KeptBackup> {
    const { topology, settings, say } = this.#context;
    if (settings.persistence === "off")
      throw new RedoubtError("SERVICE_UNFIT", "The service keeps no data: its persistence is off", {
        hint: "Switch it on first: redoubt service update NAME -c redis_persistence=rdb.",
      });
    const backup = await this.#store.take(this.#sources, {
      reason,
      frequent,
      cluster: topology === "cluster",
      signal: this.#context.signal,
    });
    say(`The backup ${backup.name} was taken, ${backup.size} bytes.`);
    const seen = this.#sources.map(
      async (node) => [node.name, (await persistenceOf(node)).lastSave] as const,
    );
    this.#seen = new Map(await Promise.all(seen));
    // What is about to be restored must not be found too old on the way.
    if (reason !== "restore") await this.#prune();
    return backup;
  }

  async #prune(): Promise<void> {
    for (const { name } of await this.#store.prune(this.#context.backupDays))
      this.#context.say(`The backup ${name} was removed: it was too old.`);
  }

  /** A backup that can be restored here. Nothing has been touched. */
  async #checked(name: string | undefined, progress: (sentence: string) => void): Promise<KeptBackup> {
    const { topology, nodes, program } = this.#context;
    const backup = await this.#store.get(name);
    if (backup.cluster !== (topology === "cluster"))
      throw new RedoubtError(
        "SERVICE_UNFIT",
        `The backup ${backup.name} was taken of a service of another plan`,
      );
    for (const node of nodes) this.#store.partFor(backup, node.name);
    progress(`The backup ${backup.name} is checked.`);
    await this.#store.verify(backup, checkProgram(program));
    return backup;
  }

  async #restore(backup: KeptBackup, progress: (sentence: string) => void): Promise<Backup> {
    const { nodes, sentinels, primary, settings, say } = this.#context;
    if (settings.persistence !== "off") {
      progress("A backup of what there is now is taken.");
      await this.#take("restore");
    }
    progress("The data is exchanged.");
    // The others replicate from it.
    const ordered = [...nodes].sort((a, b) => Number(b === primary) - Number(a === primary));
    await this.#restoration.run(backup.name, ordered, sentinels, (node) => this.#store.partFor(backup, node));
    say(`The backup ${backup.name} was restored.`);
    await this.#prune();
    return shown(backup);
  }

  /** One after the other. */
  #queue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#working.then(work);
    this.#working = done.catch(() => {});
    return done;
  }
}

/** The program that checks snapshots, beside the server program where that has a path. */
function checkProgram(server: string): string {
  const name = basename(server).replace(/-server$/, "-check-rdb");
  return dirname(server) === "." ? name : join(dirname(server), name);
}

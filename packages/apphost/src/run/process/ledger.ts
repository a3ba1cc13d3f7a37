import { setTimeout as delay } from "node:timers/promises";
import { Disk, processIdentity, readIfThere, stillRuns } from "@redoubt/services/machine";
import { signalGroup } from "./group.ts";

/** A process that was started for a resource. */
interface Entry {
  readonly resource: string;
  readonly pid: number;
  /** Tells it from a later one with the same number. */
  readonly identity: string;
}

/** How long what an earlier run has left may take to end, ms. */
const grace = 3_000;

/**
 * The process groups that run now, in a file: the next run ends what is left of this one, should even the guard have been
 * killed.
 */
export class Ledger {
  readonly #path: string;
  readonly #disk = new Disk();
  readonly #entries = new Map<number, Entry>();
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Opens the ledger of an app that does not run.
   * @returns it, and the names of resources of which something was left running and has been ended
   */
  static async open(path: string): Promise<{ ledger: Ledger; swept: string[] }> {
    const swept: string[] = [];
    for (const { resource, pid, identity } of read(await readIfThere(path))) {
      if (!(await stillRuns(pid, identity))) continue;
      swept.push(resource);
      await end(pid, identity);
    }
    return { ledger: new Ledger(path), swept };
  }

  /** Notes a process group by its leader. Resolves when that is on the disk. */
  async add(resource: string, pid: number): Promise<void> {
    const identity = await processIdentity(pid);
    if (identity === null) return;
    this.#entries.set(pid, { resource, pid, identity });
    await this.#write();
  }

  /** The group has ended. */
  async remove(pid: number): Promise<void> {
    if (this.#entries.delete(pid)) await this.#write();
  }

  #write(): Promise<void> {
    // One after the other, each with what is so then.
    this.#writing = this.#writing
      .catch(() => {})
      .then(() => this.#disk.write(this.#path, `${JSON.stringify([...this.#entries.values()])}\n`));
    return this.#writing;
  }
}

function read(text: string | null): Entry[] {
  if (text === null) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter(isEntry) : [];
  } catch {
    // Nothing that can be swept; the file is written anew.
    return [];
  }
}

function isEntry(value: unknown): value is Entry {
  const { resource, pid, identity } = (value ?? {}) as Partial<Entry>;
  return typeof resource === "string" && Number.isSafeInteger(pid) && typeof identity === "string";
}

async function end(pid: number, identity: string): Promise<void> {
  signalGroup(pid, "SIGTERM");
  const deadline = performance.now() + grace;
  while (performance.now() < deadline && (await stillRuns(pid, identity))) await delay(25);
  signalGroup(pid, "SIGKILL");
}

import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, readdir, rm } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import { Disk, readIfThere } from "./disk.ts";
import { EventLog } from "./events.ts";
import { processIdentity, stillRuns } from "./identity.ts";
import { isLock, type Lock, takeLock } from "./lock.ts";
import { didYouMean } from "./names.ts";
import { Places, ServicePlaces } from "./places.ts";
import type { ServiceRecord } from "./record.ts";
import type { ServiceStatus } from "./status.ts";
import { unusable } from "./unusable.ts";

/** The state of all services on disk. */
export class Store {
  readonly places: Places;
  readonly disk: Disk;
  readonly events: EventLog;

  constructor(home: string, disk: Disk = new Disk()) {
    this.places = new Places(home);
    this.disk = disk;
    this.events = new EventLog(this.places.events, disk);
  }

  /** Makes the folders that everything lies in. @throws RedoubtError `SERVICE_STATE` where that is not possible */
  async prepare(): Promise<void> {
    try {
      await this.disk.folder(this.places.services);
      await this.disk.folder(this.places.locks);
      // It may have been there before, with another mode.
      await chmod(this.places.home, 0o700);
    } catch (error) {
      throw unusable(error, this.places.home);
    }
  }

  /** Names of all services, sorted. */
  async names(): Promise<string[]> {
    try {
      const entries = await readdir(this.places.services, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
        .map(({ name }) => name)
        .sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw unusable(error, this.places.services);
    }
  }

  /** @throws RedoubtError `SERVICE_UNKNOWN`, `SERVICE_STATE` */
  async read(name: string): Promise<ServiceRecord> {
    const found = await this.find(name);
    if (found !== null && !found.terminating) return found;
    const names = (await this.names()).filter((other) => other !== name);
    throw new RedoubtError(
      "SERVICE_UNKNOWN",
      `There is no service ${JSON.stringify(name.slice(0, 80))}.${didYouMean(name, names)}`,
    );
  }

  /** @returns null where there is none; one that is being removed is found */
  async find(name: string): Promise<ServiceRecord | null> {
    const { record } = this.places.service(name);
    const text = name.startsWith(".") || name.includes("/") ? null : await readIfThere(record);
    if (text === null) return null;
    const parsed = parse(text, record) as ServiceRecord;
    if (parsed.format === 1 && parsed.name === name) return parsed;
    throw new RedoubtError("SERVICE_STATE", `${record} was written by another version of Redoubt`);
  }

  /** Writes what a service should be from now on. The caller holds its lock. */
  async write(record: ServiceRecord): Promise<void> {
    await this.disk.write(this.places.service(record.name).record, `${JSON.stringify(record, null, 2)}\n`);
  }

  /** @returns null where no keeper has ever run */
  async status(name: string): Promise<ServiceStatus | null> {
    const { status } = this.places.service(name);
    const text = await readIfThere(status);
    return text === null ? null : (parse(text, status) as ServiceStatus);
  }

  async writeStatus(name: string, status: ServiceStatus): Promise<void> {
    await this.disk.write(this.places.service(name).status, `${JSON.stringify(status, null, 2)}\n`);
  }

  /**
   * Takes the lock of a service, so that nobody else changes it.
   * @throws RedoubtError `SERVICE_BUSY` with who has it
   */
  async lock(name: string, actor: string, purpose: string): Promise<Lock> {
    const taken = await takeLock(this.places.service(name).lock, actor, purpose);
    if (isLock(taken)) return taken;
    const who = `${taken.actor} (process ${taken.pid})`;
    throw new RedoubtError(
      "SERVICE_BUSY",
      `The service ${name} is being changed by ${who}, since ${taken.since}: ${taken.purpose}`,
    );
  }

  /**
   * Makes a service: everything is written in a folder beside, which then gets its name, so that it is there whole or not at all.
   * @param fill writes what belongs into the folder
   * @throws RedoubtError `SERVICE_EXISTS`
   */
  async create(record: ServiceRecord, fill: (places: ServicePlaces) => Promise<void>): Promise<void> {
    await this.sweep();
    const identity = await processIdentity(process.pid);
    const draft = `.new-${process.pid}-${Buffer.from(identity ?? "").toString("hex")}-${randomBytes(4).toString("hex")}`;
    const places = new ServicePlaces(this.places, record.name, join(this.places.services, draft));
    await this.disk.folder(places.folder);
    try {
      await fill(places);
      await this.disk.write(places.record, `${JSON.stringify(record, null, 2)}\n`);
      await this.disk.move(places.folder, this.places.service(record.name).folder);
    } catch (error) {
      await rm(places.folder, { recursive: true, force: true });
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOTEMPTY" || code === "EEXIST") throw exists(record.name);
      throw error;
    }
  }

  /** Removes a service's folder. Nothing of it runs any more. */
  async remove(name: string): Promise<void> {
    const { folder, sockets } = this.places.service(name);
    const gone = join(this.places.services, `.gone-${randomBytes(6).toString("hex")}`);
    await this.disk.move(folder, gone);
    await rm(gone, { recursive: true, force: true, maxRetries: 3 });
    if (!sockets.startsWith(folder)) await rm(sockets, { recursive: true, force: true });
  }

  /** Removes what processes that were killed have left. */
  async sweep(): Promise<void> {
    const entries = await readdir(this.places.services).catch(() => []);
    for (const entry of entries) {
      const [, pid, identity] = /^\.new-(\d+)-([0-9a-f]*)-/.exec(entry) ?? [];
      const left =
        entry.startsWith(".gone-") ||
        (pid !== undefined && !(await stillRuns(Number(pid), Buffer.from(identity ?? "", "hex").toString())));
      if (left) await rm(join(this.places.services, entry), { recursive: true, force: true });
    }
  }
}

/** The error for a name that is taken. */
export function exists(name: string): RedoubtError {
  return new RedoubtError("SERVICE_EXISTS", `There is a service ${name} already`);
}

/**
 * Makes the folder of Unix sockets.
 * @param places `folder`: of the state; `sockets`: where the sockets go, in it or elsewhere
 * @throws RedoubtError `SERVICE_STATE` when somebody else has put something in its place
 */
export async function prepareSockets(places: Pick<ServicePlaces, "folder" | "sockets">): Promise<void> {
  const { sockets } = places;
  await mkdir(sockets, { recursive: true, mode: 0o700 });
  const { uid } = userInfo();
  for (const folder of sockets.startsWith(places.folder) ? [sockets] : [dirname(sockets), sockets]) {
    const found = await lstat(folder);
    // Among the temporary files anybody may have made a folder of that name before us.
    if (found.isDirectory() && (uid === -1 || found.uid === uid) && (found.mode & 0o077) === 0) continue;
    throw new RedoubtError(
      "SERVICE_STATE",
      `The folder ${folder} is not one that only this user may enter; sockets are not put there`,
    );
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The cause would quote the text, which holds passwords.
    const at = /position (\d+)/.exec((cause as Error).message)?.[1];
    throw new RedoubtError(
      "SERVICE_STATE",
      `${path} is not what Redoubt wrote${at === undefined ? "" : ` (position ${at})`}`,
    );
  }
}

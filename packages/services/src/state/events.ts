import { stat } from "node:fs/promises";
import type { ServiceEvent } from "../contract/log.ts";
import { type Disk, readIfThere } from "./disk.ts";
import { isLock, takeLock } from "./lock.ts";

/** The log is put aside when it has so many bytes, and the one before it goes. */
const longest = 4 * 1024 * 1024;

/** Keys whose values nobody is to read, wherever they stand. */
const secret = /password|secret|key$|token/i;
const mask = "*****";

type Change = ServiceEvent["changes"][number];

/**
 * Writes down who changed what: one file for the project, a line of JSON for each event, so that it outlives services. What is
 * longer than 4 MiB is put aside as `events.jsonl.1`, in place of what was put aside before: the newest 4 MiB at least are kept,
 * 8 MiB at most.
 */
export class EventLog {
  readonly #path: string;
  readonly #disk: Disk;
  readonly #longest: number;

  /** @param limit bytes after which it is put aside. Default: 4 MiB */
  constructor(path: string, disk: Disk, limit: number = longest) {
    this.#path = path;
    this.#disk = disk;
    this.#longest = limit;
  }

  get #before(): string {
    return `${this.#path}.1`;
  }

  /** Adds an event. Values of keys that sound secret are masked. */
  async add(event: Omit<ServiceEvent, "time">): Promise<void> {
    const changes = event.changes.map(withoutSecrets);
    await this.#disk.append(
      this.#path,
      JSON.stringify({ time: new Date().toISOString(), ...event, changes }),
    );
    await this.#putAside();
  }

  /** @returns newest first; lines that were torn by a crash are left out */
  async read(service: string | undefined, limit: number): Promise<ServiceEvent[]> {
    const now = (await readIfThere(this.#path)) ?? "";
    const before = (await readIfThere(this.#before)) ?? "";
    // Put aside between the two looks, it is the same text, perhaps with more behind it.
    const text = now !== "" && before.startsWith(now) ? before : `${before}\n${now}`;
    const found: ServiceEvent[] = [];
    for (const line of text.split("\n").reverse()) {
      if (found.length >= limit) break;
      const event = parsed(line);
      if (event !== null && (service === undefined || event.service === service)) found.push(event);
    }
    return found;
  }

  /** Only gets another name: whoever has it open and adds a line meanwhile, adds it to what is still read. */
  async #putAside(): Promise<void> {
    if (!(await this.#isLong())) return;
    const taken = await takeLock(`${this.#path}.lock`, "", "put the log of events aside");
    // Somebody else does it.
    if (!isLock(taken)) return;
    await using _ = taken;
    if (await this.#isLong()) await this.#disk.move(this.#path, this.#before);
  }

  async #isLong(): Promise<boolean> {
    const found = await stat(this.#path).catch(() => null);
    return found !== null && found.size > this.#longest;
  }
}

/** A change without the values that nobody is to read. */
export function withoutSecrets({ key, from, to }: Change): Change {
  return { key, from: masked(key, from), to: masked(key, to) };
}

/** Null stays null, so that one sees whether there was a value. */
function masked(key: string, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (secret.test(key)) return mask;
  if (Array.isArray(value) || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, masked(name, part)]));
}

function parsed(line: string): ServiceEvent | null {
  if (line === "") return null;
  try {
    return JSON.parse(line) as ServiceEvent;
  } catch {
    return null;
  }
}

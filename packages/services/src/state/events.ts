import type { ServiceEvent } from "../contract/log.ts";
import { type Disk, readIfThere } from "./disk.ts";

/** Keys whose values nobody is to read, wherever they stand. */
const secret = /password|secret|key$|token/i;
const mask = "*****";

type Change = ServiceEvent["changes"][number];

/** Writes down who changed what: one file for the project, a line of JSON for each event, so that it outlives services. */
export class EventLog {
  readonly #path: string;
  readonly #disk: Disk;

  constructor(path: string, disk: Disk) {
    this.#path = path;
    this.#disk = disk;
  }

  /** Adds an event. Values of keys that sound secret are masked. */
  async add(event: Omit<ServiceEvent, "time">): Promise<void> {
    const changes = event.changes.map(withoutSecrets);
    await this.#disk.append(
      this.#path,
      JSON.stringify({ time: new Date().toISOString(), ...event, changes }),
    );
  }

  /** @returns newest first; lines that were torn by a crash are left out */
  async read(service: string | undefined, limit: number): Promise<ServiceEvent[]> {
    const text = (await readIfThere(this.#path)) ?? "";
    const found: ServiceEvent[] = [];
    for (const line of text.split("\n").reverse()) {
      if (found.length >= limit) break;
      const event = parsed(line);
      if (event !== null && (service === undefined || event.service === service)) found.push(event);
    }
    return found;
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

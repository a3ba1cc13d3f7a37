import { groupKey, type Stored } from "./providers.ts";

/** A resource group. */
export interface Group {
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What Azure has. */
export class Store {
  readonly groups = new Map<string, Group>();
  readonly #resources = new Map<string, Stored>();
  /** Resources that are being changed right now, by id in lower case. */
  readonly busy = new Set<string>();

  get(id: string): Stored | null {
    return this.#resources.get(id.toLowerCase()) ?? null;
  }

  put(resource: Stored): void {
    this.#resources.set(resource.id.toLowerCase(), resource);
  }

  /** Removes a resource and what is below it, as somebody in the portal does. */
  remove(id: string): void {
    for (const key of this.#resources.keys())
      if (key === id.toLowerCase() || key.startsWith(`${id.toLowerCase()}/`)) this.#resources.delete(key);
  }

  all(): readonly Stored[] {
    return [...this.#resources.values()];
  }

  inGroup(subscription: string, group: string): readonly Stored[] {
    const key = `${subscription}/${group}`.toLowerCase();
    return this.all().filter(({ id }) => groupKey(id) === key);
  }
}

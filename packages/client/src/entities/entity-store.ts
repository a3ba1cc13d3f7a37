import type { CommandExecutor } from "../commands/executor.ts";
import { del } from "../commands/generic.ts";
import { sAdd, sMembers, sRem, sScan } from "../commands/set.ts";
import { get, incrBy, mGet, mSet, set } from "../commands/string.ts";
import { RedoubtError } from "../errors.ts";

export interface EntityOptions<Entity> {
  /** The property that identifies an entity. Default: the one called `id` in any letter case. */
  readonly id?: keyof Entity & string;
  /**
   * The names of the properties as this program writes them. Given, stored names are matched without regard to case, so
   * that entities written by .NET (`{"Id":1,"Content":"…"}`) are read too.
   */
  readonly fields?: readonly (keyof Entity & string)[];
  /** In front of all keys of this store; ServiceStack's `NamespacePrefix`. Default none. */
  readonly prefix?: string;
}

export type EntityId = string | number | bigint;

/** How many ids are taken at a time when all entities are deleted. Source: ServiceStack's `CommandKeysBatchSize`. */
const deleteBatch = 10_000;

/**
 * Entities of one type as JSON values, in the key layout of ServiceStack.Redis, so that both can share data:
 * `urn:todo:1` (the entity; type in small letters), `ids:Todo` (set of all ids), `seq:Todo` (the last id given).
 *
 * ```ts
 * const todos = client.as<Todo>("Todo");
 * await todos.store({ id: await todos.getNextSequence(), content: "milk", order: 1, done: false });
 * ```
 */
export class EntityStore<Entity extends object> {
  readonly #executor: CommandExecutor;
  readonly #name: string;
  readonly #options: EntityOptions<Entity>;
  readonly #fields: ReadonlyMap<string, string> | null;

  constructor(executor: CommandExecutor, name: string, options: EntityOptions<Entity> = {}) {
    if (name === "" || name.includes(":")) {
      throw new RedoubtError(
        "CONFIG_INVALID_VALUE",
        `The type name of entities becomes part of keys: ${JSON.stringify(name)} must not be empty or hold a colon`,
      );
    }
    this.#executor = executor;
    this.#name = name;
    this.#options = options;
    this.#fields =
      options.fields === undefined
        ? null
        : new Map(options.fields.map((field) => [field.toLowerCase(), field]));
  }

  /** Key of one entity: `urn:todo:1`. */
  urnKey(id: EntityId): string {
    return `${this.#prefix}urn:${this.#name.toLowerCase()}:${id}`;
  }

  /** Key of the set of all ids: `ids:Todo`. */
  get idsKey(): string {
    return `${this.#prefix}ids:${this.#name}`;
  }

  /** Key of the sequence: `seq:Todo`. */
  get sequenceKey(): string {
    return `${this.#prefix}seq:${this.#name}`;
  }

  /** The entity, or null. */
  async getById(id: EntityId): Promise<Entity | null> {
    const text = await this.#executor.execute(get(this.urnKey(id)));
    return text === null ? null : this.#read(text);
  }

  /** The entities that exist, in the order of the ids; missing ones are left out. */
  async getByIds(ids: readonly EntityId[]): Promise<Entity[]> {
    if (ids.length === 0) return [];
    const texts = await this.#executor.execute(mGet(ids.map((id) => this.urnKey(id))));
    return texts.filter((text) => text !== null).map((text) => this.#read(text));
  }

  /** All entities, in no order. */
  async getAll(): Promise<Entity[]> {
    return this.getByIds(await this.#executor.execute(sMembers(this.idsKey)));
  }

  /** Stores an entity under its id, over what was there. */
  async store(entity: Entity): Promise<Entity> {
    await this.storeAll([entity]);
    return entity;
  }

  /**
   * Stores an entity only where one with its id is.
   * @returns whether there was one
   */
  async replace(entity: Entity): Promise<boolean> {
    const replaced = set(this.urnKey(this.#idOf(entity)), JSON.stringify(entity, omitNull), {
      condition: "XX",
    });
    return (await this.#executor.execute(replaced)) !== null;
  }

  /** Stores entities under their ids, over what was there. */
  async storeAll(entities: readonly Entity[]): Promise<void> {
    if (entities.length === 0) return;
    const ids = entities.map((entity) => this.#idOf(entity));
    const texts = entities.map((entity) => JSON.stringify(entity, omitNull));
    const [first] = ids;
    const values =
      first !== undefined && ids.length === 1
        ? this.#executor.execute(set(this.urnKey(first), texts[0] as string))
        : this.#executor.execute(
            mSet(ids.map((id, i): [string, string] => [this.urnKey(id), texts[i] as string])),
          );
    await Promise.all([values, this.#executor.execute(sAdd(this.idsKey, ids))]);
  }

  /** @returns whether the entity was there */
  async deleteById(id: EntityId): Promise<boolean> {
    return (await this.deleteByIds([id])) === 1;
  }

  /** @returns how many of them were there */
  async deleteByIds(ids: readonly EntityId[]): Promise<number> {
    if (ids.length === 0) return 0;
    const [deleted] = await Promise.all([
      this.#executor.execute(del(ids.map((id) => this.urnKey(id)))),
      this.#executor.execute(sRem(this.idsKey, ids.map(String))),
    ]);
    return deleted;
  }

  /** Deletes all entities; the sequence goes on. */
  async deleteAll(): Promise<void> {
    let cursor = "0";
    do {
      const page = await this.#executor.execute(sScan(this.idsKey, cursor, { COUNT: deleteBatch }));
      cursor = page.cursor;
      if (page.members.length > 0)
        await this.#executor.execute(del(page.members.map((id) => this.urnKey(id))));
    } while (cursor !== "0");
    await this.#executor.execute(del(this.idsKey));
  }

  /** The next id: 1 for the first. Atomic, so that no id is given twice. */
  getNextSequence(incrementBy = 1): Promise<number> {
    return this.#executor.execute(incrBy(this.sequenceKey, incrementBy));
  }

  get #prefix(): string {
    return this.#options.prefix ?? "";
  }

  #idOf(entity: Entity): string {
    const key = this.#options.id ?? Object.keys(entity).find((name) => name.toLowerCase() === "id");
    const id: unknown = key === undefined ? undefined : entity[key as keyof Entity];
    if (
      (typeof id === "number" && Number.isFinite(id)) ||
      typeof id === "bigint" ||
      (typeof id === "string" && id !== "")
    )
      return String(id);
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      `A ${this.#name} cannot be stored: its ${key ?? "id"} is ${id === "" ? "empty" : typeof id}, it must be a number or a text`,
    );
  }

  #read(text: string): Entity {
    const stored = JSON.parse(text) as Record<string, unknown>;
    if (this.#fields === null) return stored as Entity;
    return Object.fromEntries(
      Object.entries(stored).map(([name, value]) => [this.#fields?.get(name.toLowerCase()) ?? name, value]),
    ) as Entity;
  }
}

/** ServiceStack leaves out properties that are null. */
function omitNull(_key: string, value: unknown): unknown {
  return value === null ? undefined : typeof value === "bigint" ? value.toString() : value;
}

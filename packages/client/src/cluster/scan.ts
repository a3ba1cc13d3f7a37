import type { Terms } from "../client/terms.ts";
import type { Command } from "../commands/command.ts";
import { RedoubtError } from "../errors.ts";
import type { ClusterMap } from "./cluster-map.ts";
import type { ClusterNode } from "./cluster-node.ts";

/** How many cursors are remembered; the oldest is forgotten first. */
const maxCursors = 10_000;

/** How far a walk over all keys has come. */
interface Position {
  /** Slots whose keys have not all been seen. */
  readonly remaining: ReadonlySet<number>;
  /** The node that is being walked over, and those of the remaining slots that it had at the beginning. */
  readonly node: ClusterNode;
  readonly slots: readonly number[];
  /** The node's own cursor. */
  readonly cursor: string;
}

/** A page as `scan` decodes it, or as words of a raw command. */
type Page = { readonly cursor: string } | readonly [cursor: unknown, keys: unknown];

/**
 * `SCAN` over all primaries, one after the other, under cursors of its own. Slots that leave a node while it is walked
 * over are walked over again where they went: a key that is there all the time is given at least once, as with one server.
 */
export class ClusterScan {
  readonly #map: ClusterMap;
  /** Learns the present topology. */
  readonly #look: () => Promise<void>;
  readonly #positions = new Map<string, Position>();
  #next = 1;

  constructor(map: ClusterMap, look: () => Promise<void>) {
    this.#map = map;
    this.#look = look;
  }

  /**
   * Carries out one `SCAN`.
   * @throws RedoubtError `CONFIG_INVALID_VALUE` for a cursor that is not from here, or forgotten
   */
  async execute<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    const [cursor, ...options] = command.args;
    const position = this.#positionAt(String(cursor));
    const page = (await position.node.executeWith(
      { ...command, args: [position.cursor, ...options] },
      terms,
    )) as Page;
    const isRaw = Array.isArray(page);
    const next = await this.#after(position, String(isRaw ? page[0] : (page as { cursor: string }).cursor));
    return (isRaw ? [next, page[1]] : { ...page, cursor: next }) as Reply;
  }

  #positionAt(cursor: string): Position {
    if (cursor === "0") {
      const served = this.#map.slots.flatMap((shard, slot) => (shard === undefined ? [] : [slot]));
      return this.#walk(new Set(served));
    }
    const position = this.#positions.get(cursor);
    if (position === undefined) {
      const message =
        "SCAN: the cursor is not one that this cluster client gave, or it is too old; begin with 0";
      throw new RedoubtError("CONFIG_INVALID_VALUE", message, { command: "SCAN" });
    }
    // A cursor means nothing to whoever took the slots over.
    return this.#map.masters.includes(position.node) ? position : this.#walk(position.remaining);
  }

  async #after(position: Position, cursor: string): Promise<string> {
    if (cursor !== "0") return this.#remember({ ...position, cursor });
    await this.#look();
    const { node, slots } = position;
    const remaining = new Set(position.remaining);
    for (const slot of slots) if (this.#map.slots[slot]?.master === node) remaining.delete(slot);
    return remaining.size === 0 ? "0" : this.#remember(this.#walk(remaining));
  }

  /** Begins with the node that serves the first of the slots. */
  #walk(remaining: ReadonlySet<number>): Position {
    const { slots } = this.#map;
    const served = [...remaining].find((slot) => slots[slot] !== undefined);
    const node = served === undefined ? undefined : slots[served]?.master;
    if (node === undefined) {
      const message = `Nobody serves ${remaining.size} of the slots that SCAN has still to look at`;
      throw new RedoubtError("TOPOLOGY_SLOT_UNSERVED", message, { command: "SCAN" });
    }
    return {
      remaining,
      node,
      slots: [...remaining].filter((slot) => slots[slot]?.master === node),
      cursor: "0",
    };
  }

  #remember(position: Position): string {
    const cursor = String(this.#next++);
    this.#positions.set(cursor, position);
    if (this.#positions.size > maxCursors) {
      const [oldest] = this.#positions.keys();
      this.#positions.delete(oldest as string);
    }
    return cursor;
  }
}

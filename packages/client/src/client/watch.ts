import { type OneOrMore, several } from "../commands/argument.ts";
import { command, newSpec } from "../commands/command.ts";
import { keysFrom } from "../commands/keys.ts";
import { RedoubtError } from "../errors.ts";
import type { Connection } from "../net/connection.ts";
import type { Link } from "./link.ts";
import type { Locks } from "./multi.ts";
import type { Terms } from "./terms.ts";

const WATCH = newSpec("WATCH", { keys: keysFrom(0) });
const UNWATCH = newSpec("UNWATCH", { keys: null });

/**
 * Optimistic locks on a link's connection. They live and die with it: a transaction that counts on them must not be
 * carried out on the next connection.
 */
export class Watch implements Locks {
  readonly #link: Link;
  /** The connection that watches; null: it is lost; undefined: nothing is watched. */
  #connection: Connection | null | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Watches keys, besides those that are watched. */
  async watch(keys: OneOrMore, terms: Terms): Promise<"OK"> {
    const reply = await this.#link.execute(command<"OK">(WATCH, [...several(WATCH, "keys", keys)]), terms);
    const { connection } = this.#link;
    if (this.#connection === undefined) this.#connection = connection;
    else if (this.#connection !== connection) this.#connection = null;
    return reply;
  }

  /** Watches nothing any more. */
  unwatch(terms: Terms): Promise<"OK"> {
    this.#connection = undefined;
    return this.#link.execute(command<"OK">(UNWATCH, []), terms);
  }

  /**
   * Ends watching, because a transaction is about to be sent.
   * @returns whether it depends on what was watched
   * @throws RedoubtError `REPLY_CONFLICT` when the connection that watched is gone
   */
  take(): boolean {
    const watcher = this.#connection;
    this.#connection = undefined;
    if (watcher === undefined) return false;
    if (watcher !== null && watcher === this.#link.connection) return true;
    throw new RedoubtError("REPLY_CONFLICT", "The connection that watched the keys was lost before EXEC");
  }
}

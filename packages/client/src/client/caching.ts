import { changesOf, questionOf } from "../cache/cacheable.ts";
import type { ClientSideCache } from "../cache/client-side-cache.ts";
import type { Command } from "../commands/command.ts";
import { clientTracking } from "../commands/connection-tracking.ts";
import { isTransaction } from "../commands/transaction.ts";
import { type RedoubtError, ReplyError } from "../errors.ts";
import type { Connection } from "../net/connection.ts";
import { asStrings } from "../protocol/reply.ts";
import type { Link } from "./link.ts";
import type { BlockCarrier } from "./multi.ts";
import type { Terms } from "./terms.ts";

/** What a {@link CachingLane} stands on. */
export interface CachingOptions {
  readonly cache: ClientSideCache;
  /** The link whose connection the server tells about changes. Its owner calls `prepare`, `onPush` and `lost`. */
  readonly main: Link;
  /** Who carries out what is not cached. */
  readonly others: BlockCarrier;
  readonly onError: (error: RedoubtError) => void;
}

/**
 * Gives replies from a cache while the server tells this connection which keys change (`CLIENT TRACKING`, RESP3). The
 * words of a connection arrive in order, and replies are kept only if nothing was said about their keys meanwhile:
 * so what is kept is never older than the last word.
 */
export class CachingLane implements BlockCarrier {
  readonly #options: CachingOptions;
  /** Whether the server tells. */
  #tracked = false;

  constructor(options: CachingOptions) {
    this.#options = options;
  }

  execute<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    const { cache, others, main } = this.#options;
    if (!this.#tracked) return others.execute(command, terms);
    // Inside of a transaction written by hand the reply is "QUEUED".
    const question = main.connection?.inTransaction ? null : questionOf(command, terms.mode);
    if (question !== null && cache.covers(question.keys))
      return cache.answer(question, () => others.execute(command, terms));
    this.#write(command);
    const reply = others.execute(command, terms);
    return command.spec.blocking ? reply.finally(() => this.#write(command)) : reply;
  }

  executeBatch(commands: readonly Command<unknown>[], terms: Terms): Promise<unknown[]> {
    for (const command of commands) this.#write(command);
    const replies = this.#options.others.executeBatch(commands, terms);
    if (!commands.some(({ spec }) => spec.blocking)) return replies;
    return replies.finally(() => {
      for (const command of commands) this.#write(command);
    });
  }

  /** For the owner of the link: it has a new connection. */
  async prepare(connection: Connection): Promise<void> {
    const { cache } = this.#options;
    this.#tracked = false;
    cache.clear(false);
    if (connection.report.protocol !== 3) return;
    const { broadcast, prefixes } = cache.tracking;
    const options = broadcast ? { BCAST: true, ...(prefixes.length > 0 && { PREFIX: prefixes }) } : {};
    try {
      await connection.send(clientTracking(true, options), asStrings);
      this.#tracked = true;
    } catch (error) {
      // Without tracking there is no cache, and that is all.
      if (!(error instanceof ReplyError)) throw error;
      this.#options.onError(error);
    }
  }

  /** For the owner of the link: a push has come. */
  onPush([kind, keys]: readonly unknown[]): void {
    if (!this.#tracked || String(kind) !== "invalidate") return;
    const { cache } = this.#options;
    if (!Array.isArray(keys)) cache.invalidate(null);
    else for (const key of keys) cache.invalidate(String(key));
  }

  /** For the owner of the link: the connection is gone, and with it the server's word. */
  lost(): void {
    if (this.#tracked) this.#options.cache.clear(false);
    this.#tracked = false;
  }

  /** What this client changes it must not read from the cache afterwards, even before the server says so. */
  #write(command: Command<unknown>): void {
    const { cache } = this.#options;
    if (isTransaction(command)) for (const each of command.queued) cache.changed(changesOf(each));
    else cache.changed(changesOf(command));
  }
}

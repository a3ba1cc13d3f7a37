import { changesOf, questionOf } from "../cache/cacheable.ts";
import type { ClientSideCache } from "../cache/client-side-cache.ts";
import type { Command } from "../commands/command.ts";
import { isTransaction } from "../commands/transaction.ts";
import type { BlockCarrier } from "./multi.ts";
import type { Terms } from "./terms.ts";

/** What a {@link CachingLane} stands on. */
export interface CachingOptions {
  readonly cache: ClientSideCache;
  /** Who carries out what is not cached. */
  readonly others: BlockCarrier;
  /** Whether the server tells of every key that is asked for, see `Tracking`. */
  readonly isTold: () => boolean;
  /** Whether a transaction written by hand is open: inside of it the reply is "QUEUED". */
  readonly inTransaction: () => boolean;
  /** Whether replies of other connections are kept there, too, which may be overtaken by what is written here. */
  readonly isShared: boolean;
}

/**
 * Gives replies from a cache while the server tells which keys change. The words of a connection arrive in order, and
 * replies are kept only if nothing was said about their keys meanwhile: so what is kept is never older than the last
 * word of the server that gave it.
 */
export class CachingLane implements BlockCarrier {
  readonly #options: CachingOptions;

  constructor(options: CachingOptions) {
    this.#options = options;
  }

  execute<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    const { cache, others, isTold, inTransaction, isShared } = this.#options;
    if (!isTold()) return others.execute(command, terms);
    const question = inTransaction() ? null : questionOf(command, terms.mode);
    if (question !== null && cache.covers(question.keys))
      return cache.answer(question, () => others.execute(command, terms));
    this.#write(command);
    const reply = others.execute(command, terms);
    if (command.spec.readonly || !(isShared || command.spec.blocking)) return reply;
    return reply.finally(() => this.#write(command));
  }

  executeBatch(commands: readonly Command<unknown>[], terms: Terms): Promise<unknown[]> {
    const { others, isShared } = this.#options;
    for (const command of commands) this.#write(command);
    const replies = others.executeBatch(commands, terms);
    if (!isShared && !commands.some(({ spec }) => spec.blocking)) return replies;
    return replies.finally(() => {
      for (const command of commands) this.#write(command);
    });
  }

  /** What this client changes it must not read from the cache afterwards, even before the server says so. */
  #write(command: Command<unknown>): void {
    const { cache } = this.#options;
    if (isTransaction(command)) for (const each of command.queued) cache.changed(changesOf(each));
    else cache.changed(changesOf(command));
  }
}

import { blockingTime } from "../commands/blocking.ts";
import type { Command } from "../commands/command.ts";
import { RedoubtError } from "../errors.ts";
import { abortedError } from "./abort.ts";
import { afterFailover } from "./failover.ts";
import type { Link, LinkEvents } from "./link.ts";
import type { BlockCarrier } from "./multi.ts";
import type { Terms } from "./terms.ts";

/** How long an unused connection for blocking commands is kept, ms. */
export const idleBlockingConnection = 30_000;

/** What {@link BlockingLane} stands on. */
export interface BlockingOptions {
  /** The link of the client. */
  readonly main: Link;
  /** Who carries out everything else, over that link. */
  readonly others: BlockCarrier;
  /** Makes a further link. */
  readonly link: (events: LinkEvents) => Link;
  /** How many connections blocking commands may have; 0: they go over the client's own and hold up what comes behind. */
  readonly max: number;
  /** How long an unused connection is kept, ms. */
  readonly idleMs: number;
  readonly follows: boolean;
}

/** Somebody who waits for a free connection, as long as the timeout of the command. */
interface Waiter {
  readonly settle: (outcome: Link | RedoubtError) => void;
}

/**
 * Gives each blocking command a connection for itself while it waits, so that it holds up nobody, and everything else
 * to the client's own. Connections are opened when they are needed, used again, and closed when nobody needs them.
 */
export class BlockingLane implements BlockCarrier {
  readonly #options: BlockingOptions;
  readonly #links = new Set<Link>();
  /** Links that nobody uses, with what closes them; the last one was used last. */
  readonly #idle = new Map<Link, NodeJS.Timeout>();
  readonly #waiters = new Set<Waiter>();

  constructor(options: BlockingOptions) {
    this.#options = options;
  }

  execute<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    if (!command.spec.blocking) return this.#options.others.execute(command, terms);
    const time = this.#timeFor(command);
    if (time === null) return this.#options.others.execute(command, terms);
    return this.#onOwn(command, terms, time, (link) => link.execute(command, terms));
  }

  executeBatch(commands: readonly Command<unknown>[], terms: Terms): Promise<unknown[]> {
    let total: number | null = null;
    for (const command of commands) {
      const time = command.spec.blocking ? this.#timeFor(command) : null;
      // Those that wait do so one after the other; one that waits for ever makes the whole wait for ever.
      if (time !== null) total = time === 0 || total === 0 ? 0 : (total ?? 0) + time;
    }
    if (total === null) return this.#options.others.executeBatch(commands, terms);
    return this.#onOwn(commands[0] as Command<unknown>, terms, total, (link) =>
      link.executeBatch(commands, { ...terms, timeout: 0 }),
    );
  }

  /** Ends what waits. */
  end(): void {
    for (const waiter of this.#waiters)
      waiter.settle(new RedoubtError("CLOSED_CLIENT", "The client was closed"));
    for (const link of this.#links) link.destroy();
  }

  /** How long it waits on a connection of its own, ms, 0: for ever; null: it belongs on the client's. */
  #timeFor(command: Command<unknown>): number | null {
    const { main, max } = this.#options;
    // A client that is closed says so best itself; inside of MULTI nothing waits.
    if (max === 0 || !main.isOpen || main.state === "closing" || main.connection?.inTransaction) return null;
    return blockingTime(command);
  }

  async #onOwn<Reply>(
    command: Command<unknown>,
    terms: Terms,
    time: number,
    send: (link: Link) => Promise<Reply>,
  ): Promise<Reply> {
    const { name } = command.spec;
    // How much later than promised an answer may come.
    const { signal, timeout } = terms;
    const link = await this.#take(name, timeout);
    let late: RedoubtError | null = null;
    // What was promised to be given up must not go on taking elements: ending the connection tells the server.
    const abandon = (): void => link.destroy();
    const timer =
      time === 0 || timeout === 0
        ? undefined
        : setTimeout(() => {
            late = new RedoubtError("TIMEOUT_COMMAND", `No reply to ${name} within its own ${time} ms`, {
              command: name,
            });
            abandon();
          }, time + timeout);
    signal?.addEventListener("abort", abandon);
    try {
      if (signal?.aborted) throw abortedError(command, signal);
      return await send(link);
    } catch (error) {
      throw late ?? error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abandon);
      this.#giveBack(link);
    }
  }

  /** A link that nobody else uses, connected. */
  #take(command: string, timeout: number): Promise<Link> {
    const idle = [...this.#idle.keys()].at(-1);
    if (idle !== undefined) {
      clearTimeout(this.#idle.get(idle));
      this.#idle.delete(idle);
      return Promise.resolve(idle);
    }
    if (this.#links.size < this.#options.max) return this.#open();
    return this.#wait(command, timeout);
  }

  /** @param timeout ms; 0: for ever */
  #wait(command: string, timeout: number): Promise<Link> {
    const { max } = this.#options;
    return new Promise((resolve, reject) => {
      const late = (): void =>
        waiter.settle(
          new RedoubtError(
            "TIMEOUT_QUEUE",
            `${command} was not sent: all ${max} connections for blocking commands are in use`,
            { command, hint: "Raise maxBlockingConnections, or let fewer commands wait at a time." },
          ),
        );
      const timer = timeout === 0 ? undefined : setTimeout(late, timeout);
      const waiter: Waiter = {
        settle: (outcome) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          if (outcome instanceof RedoubtError) reject(outcome);
          else resolve(outcome);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  async #open(): Promise<Link> {
    const link: Link = this.#options.link({
      onError: () => {
        if (this.#idle.has(link)) link.destroy();
      },
      onEnd: () => this.#forget(link),
      ...(this.#options.follows && { recover: afterFailover(() => link) }),
    });
    this.#links.add(link);
    await link.connect();
    return link;
  }

  /** A link is not used any more: the next one who waits gets it. */
  #giveBack(link: Link): void {
    if (link.connection === null) return link.destroy();
    const [waiter] = this.#waiters;
    if (waiter !== undefined) return waiter.settle(link);
    const timer = setTimeout(() => link.destroy(), this.#options.idleMs).unref();
    this.#idle.set(link, timer);
  }

  /** A link is over: there is room for another. */
  #forget(link: Link): void {
    clearTimeout(this.#idle.get(link));
    this.#idle.delete(link);
    if (!this.#links.delete(link)) return;
    const [waiter] = this.#waiters;
    if (waiter === undefined || !this.#options.main.isOpen) return;
    this.#open().then(
      (opened) => this.#giveBack(opened),
      (error: RedoubtError) => waiter.settle(error),
    );
  }
}

import { Client } from "../client/client.ts";
import type { Multi } from "../client/multi.ts";
import type { Settings } from "../client/options.ts";
import type { Terms } from "../client/terms.ts";
import type { OneOrMore } from "../commands/argument.ts";
import type { Command } from "../commands/command.ts";
import { select } from "../commands/connection.ts";
import { RedoubtError } from "../errors.ts";

/** Commands that leave a connection different from what the next borrower expects, besides SELECT and WATCH. */
const changing: ReadonlySet<string> = new Set([
  "ASKING",
  "AUTH",
  "CLIENT CACHING",
  "CLIENT NO-EVICT",
  "CLIENT NO-TOUCH",
  "CLIENT REPLY",
  "CLIENT SETNAME",
  "CLIENT TRACKING",
  "HELLO",
  "MONITOR",
  "MULTI",
  "PSUBSCRIBE",
  "QUIT",
  "READONLY",
  "READWRITE",
  "RESET",
  "SSUBSCRIBE",
  "SUBSCRIBE",
  "SYNC",
  "PSYNC",
  "WATCH",
]);

/** To whom a client belongs. */
export interface Owner {
  giveBack(client: PooledClient): void;
}

/**
 * A client of a pool, for one borrower at a time. It goes back to its pool at the end of the block when declared with
 * `using`, or by {@link PooledClient.release}; from then on it refuses commands, until it is lent again.
 */
export class PooledClient extends Client {
  /** @internal Which of its pool's places it was made for. */
  readonly place: number;
  /** @internal From which of its pool's times it is: what is older is not lent again. */
  readonly generation: number;
  readonly #owner: Owner;
  readonly #database: number;
  #isLent = false;
  #selected = false;
  #watched = false;
  #changed = false;

  /** @internal */
  constructor(settings: Settings, owner: Owner, place: number, generation: number) {
    super(settings);
    this.#owner = owner;
    this.#database = settings.target.database ?? 0;
    this.place = place;
    this.generation = generation;
  }

  /** Whether somebody has it now. */
  get isLent(): boolean {
    return this.#isLent;
  }

  /** Gives the client back. Calling it again does nothing. */
  release(): void {
    if (!this.#isLent) return;
    this.#owner.giveBack(this);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }

  override execute<Reply>(command: Command<Reply>): Promise<Reply> {
    return this.#isLent ? super.execute(this.#noted(command)) : Promise.reject(givenBack(command.spec.name));
  }

  override executeWith<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    if (!this.#isLent) return Promise.reject(givenBack(command.spec.name));
    return super.executeWith(this.#noted(command), terms);
  }

  override executeBatch(commands: readonly Command<unknown>[], terms: Terms): Promise<unknown[]> {
    if (!this.#isLent) return Promise.reject(givenBack("The pipeline"));
    return super.executeBatch(
      commands.map((each) => this.#noted(each)),
      terms,
    );
  }

  override multiWith(terms: Terms): Multi<[]> {
    if (!this.#isLent) throw givenBack("MULTI");
    return super.multiWith(terms);
  }

  override watch(keys: OneOrMore): Promise<"OK"> {
    if (!this.#isLent) return Promise.reject(givenBack("WATCH"));
    this.#watched = true;
    return super.watch(keys);
  }

  /** @internal Begins a loan. */
  lend(): this {
    this.#isLent = true;
    return this;
  }

  /**
   * @internal Ends a loan: what the borrower changed is put back.
   * @returns whether it can be lent again
   */
  takeBack(): boolean {
    const usable = this.isReady && !this.#changed && !this.isPubSubActive;
    // Sent before anything that the next borrower sends. Should it fail, the connection is lost, and with it the change.
    if (usable && this.#watched) this.unwatch().catch(() => {});
    if (usable && this.#selected) super.execute(select(this.#database)).catch(() => this.destroy());
    this.#isLent = false;
    this.#watched = false;
    this.#selected = false;
    return usable;
  }

  #noted<Reply>(command: Command<Reply>): Command<Reply> {
    const { name } = command.spec;
    if (name === "SELECT") this.#selected = true;
    else if (changing.has(name)) this.#changed = true;
    return command;
  }
}

function givenBack(command: string): RedoubtError {
  return new RedoubtError("CLOSED_CLIENT", `${command} was not sent: the client was given back to its pool`, {
    hint: "Take a client for as long as you need it, and do not keep it afterwards.",
  });
}

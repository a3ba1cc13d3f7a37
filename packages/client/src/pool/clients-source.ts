import { EventEmitter } from "node:events";
import type { RedoubtError } from "../errors.ts";
import { using } from "./host-pool.ts";
import type { PooledClient } from "./pooled-client.ts";

/** Default of `close({ graceMs })`. */
const defaultGrace = 5000;

/** What a manager of clients tells. Nobody has to listen. */
export interface ManagerEvents {
  /** A client could not be connected, or lost its connection. */
  error: [RedoubtError];
  /** The hosts were replaced, by `failoverTo`. */
  failover: [];
}

/** How a client is taken. */
export interface TakeOptions {
  /** Gives up waiting. */
  readonly signal?: AbortSignal;
}

/** Something that lends out clients, in the role of ServiceStack's `IRedisClientsManager`. */
export abstract class ClientsSource {
  readonly #events = new EventEmitter<ManagerEvents>();

  /** A client for reading and writing: `using client = await manager.getClient()`. */
  abstract getClient(options?: TakeOptions): Promise<PooledClient>;
  /** A client for reading. */
  abstract getReadOnlyClient(options?: TakeOptions): Promise<PooledClient>;
  /** Closes at once. What is unanswered is rejected with `CLOSED_CLIENT`. */
  abstract destroy(): void;
  protected abstract closeAll(graceMs: number): Promise<unknown>;

  on<Name extends keyof ManagerEvents>(name: Name, listener: (...args: ManagerEvents[Name]) => void): this {
    this.#events.on(name, listener as never);
    return this;
  }

  off<Name extends keyof ManagerEvents>(name: Name, listener: (...args: ManagerEvents[Name]) => void): this {
    this.#events.off(name, listener as never);
    return this;
  }

  /** Runs a task with a client, which goes back when the task is over. */
  exec<T>(task: (client: PooledClient) => T, options: TakeOptions = {}): Promise<Awaited<T>> {
    return using(this.getClient(options), task);
  }

  /**
   * Lends no more, and closes when all clients are back.
   * @param options `graceMs`: how long to wait for them, ms, default 5000
   */
  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    await this.closeAll(options.graceMs ?? defaultGrace);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  protected emitError(error: RedoubtError): void {
    // An EventEmitter ends the process when nobody listens to "error".
    if (this.#events.listenerCount("error") > 0) this.#events.emit("error", error);
  }

  protected emitFailover(): void {
    this.#events.emit("failover");
  }
}

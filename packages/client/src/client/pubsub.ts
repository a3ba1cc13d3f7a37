import { command, newSpec } from "../commands/command.ts";
import { keysFrom } from "../commands/keys.ts";
import { RedoubtError, ReplyError } from "../errors.ts";
import type { Connection } from "../net/connection.ts";
import { asBuffers } from "../protocol/reply.ts";
import type { Link, LinkEvents } from "./link.ts";
import { Listeners, type PubSubListener } from "./listeners.ts";

/** What one can subscribe to. */
export type SubscriptionKind = "channel" | "pattern" | "shard";

const SUBSCRIBE = {
  channel: newSpec("SUBSCRIBE", { keys: null }),
  pattern: newSpec("PSUBSCRIBE", { keys: null }),
  shard: newSpec("SSUBSCRIBE", { keys: keysFrom(0) }),
} as const;

const UNSUBSCRIBE = {
  channel: newSpec("UNSUBSCRIBE", { keys: null }),
  pattern: newSpec("PUNSUBSCRIBE", { keys: null }),
  shard: newSpec("SUNSUBSCRIBE", { keys: keysFrom(0) }),
} as const;

/** What a {@link PubSub} stands on. */
export interface PubSubOptions {
  /** The link of the client. Its owner calls {@link PubSub.prepare}, {@link PubSub.onPush} and {@link PubSub.end}. */
  readonly main: Link;
  /** Makes a link of its own, for RESP2, where a connection that has subscribed can do nothing else. */
  readonly link: (events: LinkEvents) => Link;
  /** How long subscribing may wait for a connection, ms; 0: for ever. */
  readonly timeout: number;
  readonly onError: (error: RedoubtError) => void;
}

/** What methods of pub/sub stand on: a {@link PubSub}, or several of them. */
export type Subscriptions = Pick<PubSub, "subscribe" | "unsubscribe" | "onEnd">;

interface Waiter {
  readonly settle: (error?: Error) => void;
}

/**
 * Subscriptions, as a wish that outlives connections: what somebody listens to is subscribed on every new connection
 * before anything else is sent there. Over RESP3 that is the client's own connection.
 */
export class PubSub {
  readonly #options: PubSubOptions;
  readonly #listeners: Readonly<Record<SubscriptionKind, Listeners>> = {
    channel: new Listeners(),
    pattern: new Listeners(),
    shard: new Listeners(),
  };
  /** The connection that subscribes; it may be lost. */
  #connection: Connection | null = null;
  /** Over RESP2: what {@link PubSub.#connection} belongs to. */
  #own: Link | null = null;
  /** Those who wait for the next connection to be prepared. */
  readonly #waiters = new Set<Waiter>();
  readonly #ended = new Set<() => void>();

  constructor(options: PubSubOptions) {
    this.#options = options;
  }

  /** Begins to listen. @returns when the server has confirmed it */
  async subscribe(
    kind: SubscriptionKind,
    channels: string | readonly string[],
    listener: PubSubListener<never>,
    buffers = false,
  ): Promise<void> {
    this.#checkOpen(SUBSCRIBE[kind].name);
    const names = listed(channels, SUBSCRIBE[kind].name);
    const table = this.#listeners[kind];
    const fresh = names.filter((name) => !table.has(name));
    for (const name of names) table.add(name, listener, buffers);
    try {
      if (buffers && this.#connection !== null) this.#connection.pushMode = asBuffers;
      // Known channels are subscribed again: somebody else's subscription may not be confirmed yet.
      await this.#establish(kind, fresh.length > 0 ? fresh : names);
    } catch (error) {
      await this.unsubscribe(kind, names, listener, buffers).catch(() => {});
      throw error;
    }
  }

  /**
   * Stops listening.
   * @param channels default: all of the kind
   * @param listener default: all of the channels
   * @returns when the server has confirmed it, or the connection is gone
   */
  async unsubscribe(
    kind: SubscriptionKind,
    channels?: string | readonly string[],
    listener?: PubSubListener<never>,
    buffers = false,
  ): Promise<void> {
    const table = this.#listeners[kind];
    const names = channels === undefined ? table.channels : listed(channels, UNSUBSCRIBE[kind].name);
    const left = names.filter((name) => table.remove(name, listener, buffers));
    const connection = this.#connection;
    if (left.length > 0 && connection !== null) {
      await this.#send(connection, UNSUBSCRIBE, kind, left).catch((error: unknown) => {
        // The next connection will not subscribe them.
        if (!isLoss(error)) throw error;
      });
    }
    if (this.#wishes === 0) this.#closeOwn();
  }

  /** What is listened to. */
  channels(kind: SubscriptionKind): string[] {
    return this.#listeners[kind].channels;
  }

  /** Calls back when the client is closed. @returns takes that back */
  onEnd(callback: () => void): () => void {
    this.#ended.add(callback);
    return () => this.#ended.delete(callback);
  }

  /** For the owner of the main link: it has a new connection. */
  async prepare(connection: Connection): Promise<void> {
    if (connection.report.protocol === 2) {
      if (this.#own === null) this.#connection = null;
      if (this.#wishes > 0) this.#openOwn();
      return;
    }
    this.#closeOwn();
    await this.#resubscribe(connection);
  }

  /** For the owner of the main link: a push has come. */
  onPush(values: readonly unknown[]): void {
    const [kind, name, second, third] = values;
    switch (String(kind)) {
      case "message":
        return this.#listeners.channel.deliver(name, second, name);
      case "pmessage":
        return this.#listeners.pattern.deliver(name, third, second);
      case "smessage":
        return this.#listeners.shard.deliver(name, second, name);
    }
  }

  /** For the owner of the main link: it is over. What is listened to is subscribed again when it is connected again. */
  end(): void {
    this.#connection = null;
    this.#closeOwn();
    for (const waiter of this.#waiters) waiter.settle(closedError("SUBSCRIBE"));
    for (const callback of this.#ended) callback();
  }

  /** Whether anything is listened to. */
  get isActive(): boolean {
    return this.#wishes > 0;
  }

  get #wishes(): number {
    const { channel, pattern, shard } = this.#listeners;
    return channel.size + pattern.size + shard.size;
  }

  #checkOpen(name: string): void {
    const { state } = this.#options.main;
    if (state === "new") {
      throw new RedoubtError("CLOSED_NOT_CONNECTED", `${name} was not sent: connect() has not been called`, {
        command: name,
      });
    }
    if (state === "closing" || state === "closed") throw closedError(name);
  }

  /** Subscribes now, or as soon as there is a connection. */
  async #establish(kind: SubscriptionKind, channels: readonly string[]): Promise<void> {
    const { main } = this.#options;
    for (;;) {
      const connection = this.#connection;
      if (connection !== null) {
        try {
          return await this.#send(connection, SUBSCRIBE, kind, channels);
        } catch (error) {
          if (!isLoss(error) || !main.isOpen) throw error;
        }
      } else if (main.connection?.report.protocol === 2) this.#openOwn();
      // It will have subscribed by itself; asking once more tells whether it was allowed to.
      await this.#nextConnection(SUBSCRIBE[kind].name);
    }
  }

  /** Sends one command for all channels; for shard channels one each, since their slots may differ. */
  async #send(
    connection: Connection,
    specs: typeof SUBSCRIBE | typeof UNSUBSCRIBE,
    kind: SubscriptionKind,
    channels: readonly string[],
  ): Promise<void> {
    const groups = kind === "shard" ? channels.map((channel) => [channel]) : [channels];
    await Promise.all(
      groups.map((group) => connection.sendSubscription(command(specs[kind], group), group.length)),
    );
  }

  /** Resolves when the next connection has subscribed. */
  #nextConnection(name: string): Promise<void> {
    const { timeout } = this.#options;
    return new Promise((resolve, reject) => {
      const late = (): void => {
        waiter.settle(
          new RedoubtError("TIMEOUT_QUEUE", `${name} was not sent: it waited too long for a connection`, {
            command: name,
          }),
        );
      };
      const timer = timeout === 0 ? undefined : setTimeout(late, timeout);
      const waiter: Waiter = {
        settle: (error) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  /** All that is listened to, on a connection that nobody else uses yet. */
  async #resubscribe(connection: Connection): Promise<void> {
    this.#connection = connection;
    const kinds = (Object.keys(SUBSCRIBE) as SubscriptionKind[]).filter(
      (kind) => this.#listeners[kind].size > 0,
    );
    connection.pushMode = kinds.some((kind) => this.#listeners[kind].wantsBuffers) ? asBuffers : 0;
    // Who waits from now on has been too late for what is sent here.
    const waiters = [...this.#waiters];
    await Promise.all(
      kinds.map((kind) => this.#sendOrReport(connection, kind, this.#listeners[kind].channels)),
    );
    for (const waiter of waiters) waiter.settle();
  }

  /** A channel that is refused must not keep the others, or the whole client, from working. */
  async #sendOrReport(
    connection: Connection,
    kind: SubscriptionKind,
    channels: readonly string[],
  ): Promise<void> {
    try {
      await this.#send(connection, SUBSCRIBE, kind, channels);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      if (channels.length === 1) return this.#options.onError(error);
      await Promise.all(channels.map((channel) => this.#sendOrReport(connection, kind, [channel])));
    }
  }

  #openOwn(): void {
    if (this.#own !== null) return;
    const link = this.#options.link({
      prepare: (connection) => this.#resubscribe(connection),
      onPush: (values) => this.onPush(values),
      onError: (error) => this.#options.onError(error),
      onEnd: () => {
        if (this.#own === link) this.#own = this.#connection = null;
      },
    });
    this.#own = link;
    link.connect().catch((error: Error) => {
      for (const waiter of this.#waiters) waiter.settle(error);
    });
  }

  #closeOwn(): void {
    const link = this.#own;
    if (link === null) return;
    this.#own = this.#connection = null;
    link.destroy();
  }
}

function listed(channels: string | readonly string[], command: string): readonly string[] {
  const names = typeof channels === "string" ? [channels] : channels;
  if (names.length > 0 && names.every((name) => typeof name === "string")) return names;
  throw new RedoubtError("CONFIG_INVALID_VALUE", `${command}: channels must be strings, at least one`, {
    command,
  });
}

/** Whether the connection is gone: neither a refusal nor a deadline. */
function isLoss(error: unknown): boolean {
  return error instanceof RedoubtError && !(error instanceof ReplyError) && error.code !== "TIMEOUT_COMMAND";
}

function closedError(name: string): RedoubtError {
  return new RedoubtError("CLOSED_CLIENT", `${name} was not sent: the client was closed`, { command: name });
}

import type { Buffer } from "node:buffer";
import { CommandSurface } from "./command-methods.ts";
import type { PubSubListener } from "./listeners.ts";
import { MessageStream, type MessagesOptions } from "./message-stream.ts";
import type { Subscriptions } from "./pubsub.ts";

type Channels = string | readonly string[];

/**
 * The methods of pub/sub, in node-redis's words. A listener gets the message and its channel; with `bufferMode` both as
 * Buffers. It is called at once, one message after the other; its own errors are its own.
 */
export abstract class Subscriber extends CommandSurface {
  protected abstract readonly pubSub: Subscriptions;

  /** Listens to channels. @returns when the server has confirmed it */
  subscribe(channels: Channels, listener: PubSubListener, bufferMode?: false): Promise<void>;
  subscribe(channels: Channels, listener: PubSubListener<Buffer>, bufferMode: true): Promise<void>;
  subscribe(channels: Channels, listener: PubSubListener<never>, bufferMode?: boolean): Promise<void> {
    return this.pubSub.subscribe("channel", channels, listener, bufferMode);
  }

  /** Listens to all channels whose names match patterns. */
  pSubscribe(patterns: Channels, listener: PubSubListener, bufferMode?: false): Promise<void>;
  pSubscribe(patterns: Channels, listener: PubSubListener<Buffer>, bufferMode: true): Promise<void>;
  pSubscribe(patterns: Channels, listener: PubSubListener<never>, bufferMode?: boolean): Promise<void> {
    return this.pubSub.subscribe("pattern", patterns, listener, bufferMode);
  }

  /** Listens to shard channels. Redis 7. */
  sSubscribe(channels: Channels, listener: PubSubListener, bufferMode?: false): Promise<void>;
  sSubscribe(channels: Channels, listener: PubSubListener<Buffer>, bufferMode: true): Promise<void>;
  sSubscribe(channels: Channels, listener: PubSubListener<never>, bufferMode?: boolean): Promise<void> {
    return this.pubSub.subscribe("shard", channels, listener, bufferMode);
  }

  /**
   * Stops listening to channels.
   * @param channels default: all
   * @param listener default: all of these channels
   * @param bufferMode whether the listener takes Buffers
   */
  unsubscribe(channels?: Channels, listener?: PubSubListener<never>, bufferMode?: boolean): Promise<void> {
    return this.pubSub.unsubscribe("channel", channels, listener, bufferMode);
  }

  /** {@link Subscriber.unsubscribe} for patterns. */
  pUnsubscribe(patterns?: Channels, listener?: PubSubListener<never>, bufferMode?: boolean): Promise<void> {
    return this.pubSub.unsubscribe("pattern", patterns, listener, bufferMode);
  }

  /** {@link Subscriber.unsubscribe} for shard channels. */
  sUnsubscribe(channels?: Channels, listener?: PubSubListener<never>, bufferMode?: boolean): Promise<void> {
    return this.pubSub.unsubscribe("shard", channels, listener, bufferMode);
  }

  /**
   * The messages of channels, for `for await`; they wait for a slow reader in bounded memory.
   * @throws RedoubtError `CLOSED_QUEUE_FULL` while reading, when the reader is too slow and `onOverflow` is `error`
   */
  messages(names: Channels, options?: MessagesOptions & { readonly buffers?: false }): MessageStream<string>;
  messages(names: Channels, options: MessagesOptions & { readonly buffers: true }): MessageStream<Buffer>;
  messages(names: Channels, options?: MessagesOptions & { readonly buffers?: boolean }): unknown {
    return new MessageStream(this.pubSub, names, options?.buffers ?? false, options);
  }

  readonly SUBSCRIBE: this["subscribe"] = this.subscribe;
  readonly PSUBSCRIBE: this["pSubscribe"] = this.pSubscribe;
  readonly SSUBSCRIBE: this["sSubscribe"] = this.sSubscribe;
  readonly UNSUBSCRIBE: this["unsubscribe"] = this.unsubscribe;
  readonly PUNSUBSCRIBE: this["pUnsubscribe"] = this.pUnsubscribe;
  readonly SUNSUBSCRIBE: this["sUnsubscribe"] = this.sUnsubscribe;
}

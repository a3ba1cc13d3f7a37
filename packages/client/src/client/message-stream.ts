import type { Buffer } from "node:buffer";
import { RedoubtError } from "../errors.ts";
import type { SubscriptionKind, Subscriptions } from "./pubsub.ts";

/** A message of pub/sub. */
export interface Message<Text extends string | Buffer = string> {
  /** The channel it was published to. */
  readonly channel: Text;
  readonly message: Text;
}

/** Options of {@link Client.messages}. */
export interface MessagesOptions {
  /** What the names are. Default `channel`. */
  readonly kind?: SubscriptionKind;
  /** How many messages may wait for the reader. Default 1000. */
  readonly maxBuffered?: number;
  /** What happens to a reader that is too slow: an error (`CLOSED_QUEUE_FULL`), or the oldest messages go. Default `error`. */
  readonly onOverflow?: "drop-oldest" | "error";
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

interface Reader<Text extends string | Buffer> {
  readonly resolve: (result: IteratorResult<Message<Text>, undefined>) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The messages of some channels, one after the other, for `for await`. They wait for a slow reader in bounded memory.
 * It has subscribed once {@link MessageStream.ready} resolves, and unsubscribes when the loop is left.
 */
export class MessageStream<Text extends string | Buffer> implements AsyncIterableIterator<Message<Text>> {
  /** Resolves when the server has confirmed the subscription; rejects with what the first `next()` rejects with. */
  readonly ready: Promise<void>;
  readonly #maxBuffered: number;
  readonly #drops: boolean;
  readonly #release: () => Promise<void>;
  #waiting: Message<Text>[] = [];
  /** Readers that came before their message. */
  #readers: Reader<Text>[] = [];
  #dropped = 0;
  #end: { readonly error: Error | null } | null = null;

  constructor(
    pubSub: Subscriptions,
    names: string | readonly string[],
    buffers: boolean,
    options: MessagesOptions = {},
  ) {
    const { kind = "channel", maxBuffered = 1000, onOverflow = "error", signal } = options;
    if (!Number.isInteger(maxBuffered) || maxBuffered < 1) {
      throw new RedoubtError(
        "CONFIG_INVALID_VALUE",
        `maxBuffered must be a whole number from 1, not ${maxBuffered}`,
      );
    }
    this.#maxBuffered = maxBuffered;
    this.#drops = onOverflow === "drop-oldest";
    const listener = (message: Text, channel: Text): void => this.#take({ channel, message });
    const aborted = (): void => {
      const cause: unknown = signal?.reason;
      void this.#finish(new RedoubtError("CLOSED_ABORTED", "Reading messages was aborted", { cause }));
    };
    signal?.addEventListener("abort", aborted);
    const forget = pubSub.onEnd(() => void this.#finish(null));
    this.#release = async () => {
      signal?.removeEventListener("abort", aborted);
      forget();
      await pubSub.unsubscribe(kind, names, listener as never, buffers);
    };
    this.ready = pubSub.subscribe(kind, names, listener as never, buffers);
    this.ready.catch((error: Error) => this.#finish(error));
    if (signal?.aborted) aborted();
  }

  /** How many messages were dropped because the reader was too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  next(): Promise<IteratorResult<Message<Text>, undefined>> {
    const value = this.#waiting.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#end !== null) return this.#afterEnd(this.#end.error);
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  /** Unsubscribes; what waits is forgotten. */
  async return(): Promise<IteratorResult<Message<Text>, undefined>> {
    this.#waiting = [];
    await this.#finish(null);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #take(message: Message<Text>): void {
    if (this.#end !== null) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) return reader.resolve({ done: false, value: message });
    if (this.#waiting.length < this.#maxBuffered) {
      this.#waiting.push(message);
      return;
    }
    if (this.#drops) {
      this.#waiting.shift();
      this.#waiting.push(message);
      this.#dropped++;
      return;
    }
    const why = `The reader of messages is too slow: ${this.#maxBuffered} were waiting`;
    void this.#finish(
      new RedoubtError("CLOSED_QUEUE_FULL", why, {
        hint: 'Read faster, raise maxBuffered, or let the oldest go with onOverflow: "drop-oldest".',
      }),
    );
  }

  /** What has come before the end is still read; then the error is told once. */
  async #afterEnd(error: Error | null): Promise<IteratorResult<Message<Text>, undefined>> {
    if (error === null) return { done: true, value: undefined };
    this.#end = { error: null };
    throw error;
  }

  async #finish(error: Error | null): Promise<void> {
    if (this.#end !== null) return;
    const [first, ...others] = this.#readers;
    this.#readers = [];
    this.#end = { error: first === undefined ? error : null };
    if (error === null) first?.resolve({ done: true, value: undefined });
    else first?.reject(error);
    for (const { resolve } of others) resolve({ done: true, value: undefined });
    // The connection may be gone; then there is nothing to unsubscribe.
    await this.#release().catch(() => {});
  }
}

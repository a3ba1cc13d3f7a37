import { Link, type LinkEvents } from "../client/link.ts";
import type { Settings } from "../client/options.ts";
import { PubSub } from "../client/pubsub.ts";
import type { RouteOptions } from "../discovery/route.ts";
import type { RedoubtError } from "../errors.ts";
import type { Dialled } from "../net/dial.ts";

export interface LineOptions {
  readonly settings: Settings;
  readonly dial: (options: RouteOptions) => Promise<Dialled>;
  readonly onError: (error: RedoubtError) => void;
  /** The server has ended a subscription, perhaps by itself: a shard channel's slot has left it. */
  readonly onUnsubscribed: (channel: string) => void;
}

/** A connection to listen on, and what is listened to there. Connected when the first subscribes. */
export class SubscriberLine {
  readonly pubSub: PubSub;
  readonly #link: Link;
  readonly #options: LineOptions;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#link = this.#newLink({
      prepare: (connection) => this.pubSub.prepare(connection),
      onPush: (values) => this.pubSub.onPush(values),
      onEnd: () => this.pubSub.end(),
      onError: options.onError,
    });
    this.pubSub = new PubSub({
      main: this.#link,
      link: (events) => this.#newLink(events),
      timeout: options.settings.commandTimeout,
      onError: options.onError,
    });
  }

  /**
   * Connects, if that has not been done.
   * @throws RedoubtError naming the stage that failed
   */
  async open(): Promise<void> {
    if (!this.#link.isOpen) await this.#link.connect();
  }

  /** Whether anybody listens to anything. */
  get isUsed(): boolean {
    return (["channel", "pattern", "shard"] as const).some((kind) => this.pubSub.channels(kind).length > 0);
  }

  destroy(): void {
    this.#link.destroy();
  }

  #newLink(events: LinkEvents): Link {
    const { settings, dial, onUnsubscribed } = this.#options;
    return new Link({
      ...settings,
      connectTimeout: settings.dial.connectTimeout,
      dial,
      ...events,
      onPush: (values) => {
        events.onPush?.(values);
        if (String(values[0]) === "sunsubscribe") onUnsubscribed(String(values[1]));
      },
    });
  }
}

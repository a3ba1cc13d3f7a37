import { ClientSideCache } from "../cache/client-side-cache.ts";
import type { RedoubtError } from "../errors.ts";
import type { Connection } from "../net/connection.ts";
import { BlockingLane, idleBlockingConnection } from "./blocking.ts";
import { CachingLane } from "./caching.ts";
import type { Link, LinkEvents } from "./link.ts";
import type { BlockCarrier } from "./multi.ts";
import type { Settings } from "./options.ts";
import { Tracking } from "./tracking.ts";

/** What {@link Lanes} stand on. */
export interface LanesOptions {
  /** The link of the client. Its owner calls the methods of {@link Lanes}. */
  readonly main: Link;
  /** Makes a further link. */
  readonly link: (events: LinkEvents) => Link;
  readonly onError: (error: RedoubtError) => void;
}

/** The ways that commands of a client go: out of the cache, over connections for those that wait, over its own. */
export class Lanes {
  /** Who carries out commands. */
  readonly carrier: BlockCarrier;
  readonly cache: ClientSideCache | null;
  readonly #blocking: BlockingLane;
  readonly #tracking: Tracking | null;

  constructor(settings: Settings, { main, link, onError }: LanesOptions) {
    const { clientSideCache: wanted, maxBlockingConnections, route } = settings;
    this.#blocking = new BlockingLane({
      main,
      others: main,
      link,
      max: maxBlockingConnections,
      idleMs: idleBlockingConnection,
      follows: route.follows,
    });
    const cache = wanted === null ? null : ClientSideCache.of(wanted);
    const tracking = cache && new Tracking(cache, onError);
    this.cache = cache;
    this.#tracking = tracking;
    this.carrier =
      cache && tracking
        ? new CachingLane({
            cache,
            others: this.#blocking,
            isTold: () => tracking.isOn,
            inTransaction: () => main.connection?.inTransaction ?? false,
            isShared: wanted === cache,
          })
        : this.#blocking;
  }

  /** The link has a new connection. */
  async prepare(connection: Connection): Promise<void> {
    await this.#tracking?.prepare(connection);
  }

  /** A push has come. */
  onPush(values: readonly unknown[]): void {
    this.#tracking?.onPush(values);
  }

  /** The connection is gone. */
  lost(): void {
    this.#tracking?.lost();
  }

  /** The client takes no more commands: those that wait are ended. */
  end(): void {
    this.#blocking.end();
    this.lost();
  }
}

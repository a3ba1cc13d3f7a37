import { ClientSideCache } from "../cache/client-side-cache.ts";
import type { RedoubtError } from "../errors.ts";
import type { Connection } from "../net/connection.ts";
import { BlockingLane, idleBlockingConnection } from "./blocking.ts";
import { CachingLane } from "./caching.ts";
import type { Link, LinkEvents } from "./link.ts";
import type { BlockCarrier } from "./multi.ts";
import type { Settings } from "./options.ts";

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
  readonly #caching: CachingLane | null;

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
    this.cache = wanted === null || wanted instanceof ClientSideCache ? wanted : new ClientSideCache(wanted);
    this.#caching =
      this.cache && new CachingLane({ cache: this.cache, main, others: this.#blocking, onError });
    this.carrier = this.#caching ?? this.#blocking;
  }

  /** The link has a new connection. */
  async prepare(connection: Connection): Promise<void> {
    await this.#caching?.prepare(connection);
  }

  /** A push has come. */
  onPush(values: readonly unknown[]): void {
    this.#caching?.onPush(values);
  }

  /** The connection is gone. */
  lost(): void {
    this.#caching?.lost();
  }

  /** The client takes no more commands: those that wait are ended. */
  end(): void {
    this.#blocking.end();
    this.lost();
  }
}

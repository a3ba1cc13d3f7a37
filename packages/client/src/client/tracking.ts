import type { ClientSideCache } from "../cache/client-side-cache.ts";
import { clientTracking } from "../commands/connection-tracking.ts";
import { type RedoubtError, ReplyError } from "../errors.ts";
import type { Connection } from "../net/connection.ts";
import { asStrings } from "../protocol/reply.ts";

/**
 * Lets the server tell a connection which keys change (`CLIENT TRACKING`, RESP3), and a cache forget them. The owner of
 * the link calls its methods.
 */
export class Tracking {
  readonly #cache: ClientSideCache;
  readonly #onError: (error: RedoubtError) => void;
  #isOn = false;

  /** @param onError is told that the server refuses: then there is no cache, and that is all */
  constructor(cache: ClientSideCache, onError: (error: RedoubtError) => void) {
    this.#cache = cache;
    this.#onError = onError;
  }

  /** Whether the server tells. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** There is a new connection, on which nothing was asked yet. */
  async prepare(connection: Connection): Promise<void> {
    this.#isOn = false;
    this.#cache.clear(false);
    if (connection.report.protocol !== 3) return;
    const { broadcast, prefixes } = this.#cache.tracking;
    const options = broadcast ? { BCAST: true, ...(prefixes.length > 0 && { PREFIX: prefixes }) } : {};
    try {
      await connection.send(clientTracking(true, options), asStrings);
      this.#isOn = true;
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      this.#onError(error);
    }
  }

  /** A push has come. */
  onPush([kind, keys]: readonly unknown[]): void {
    if (!this.#isOn || String(kind) !== "invalidate") return;
    if (!Array.isArray(keys)) this.#cache.invalidate(null);
    else for (const key of keys) this.#cache.invalidate(String(key));
  }

  /** The connection is gone, and with it the server's word. */
  lost(): void {
    if (this.#isOn) this.#cache.clear(false);
    this.#isOn = false;
  }
}

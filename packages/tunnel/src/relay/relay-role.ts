import { setMaxListeners } from "node:events";
import type { Socket } from "node:net";
import { RedoubtError, type Target, type TlsOptions } from "@redoubt/client";
import { type PipeReason, pipe } from "../bytes/pipe.ts";
import { goodbye } from "../listen/goodbye.ts";
import { type Carrier, carrierText, openCarrier } from "../upstream/carrier.ts";

/** How long reaching the other side may take when nobody says, ms. */
const defaultConnectTimeout = 5000;

/** How a plain relay reaches the other side. */
export interface RelayRoleOptions {
  readonly target: Target;
  readonly tls?: TlsOptions | undefined;
  /** ms. Default: what the target says, else 5000. */
  readonly connectTimeout?: number | undefined;
}

/** What is told of connections. */
export interface RelayNews {
  /** The other side was reached. */
  readonly reached?: () => void;
  /** The other side could not be reached. */
  readonly refused?: (error: RedoubtError) => void;
}

/** Why a relayed connection is over. */
export interface Relayed {
  readonly reason: PipeReason | "upstream-failed";
  readonly error: Error | null;
}

/**
 * TLS for local programs that log in themselves: each has a verified connection of its own, and every byte is passed on as it
 * is. The credentials of the connection string are not used.
 */
export class RelayRole {
  /** Where the other side is. */
  readonly name: string;
  readonly #options: RelayRoleOptions;
  readonly #news: RelayNews;
  readonly #open = new Set<Socket>();
  readonly #stop = new AbortController();
  #reached = 0;

  constructor(options: RelayRoleOptions, news: RelayNews = {}) {
    const [first] = options.target.endpoints;
    this.name = first === undefined ? "" : carrierText(first);
    this.#options = options;
    this.#news = news;
    // Each connection listens; Node would take more than ten for a leak, and say so.
    setMaxListeners(0, this.#stop.signal);
  }

  /** Clients that are connected. */
  get sessions(): number {
    return this.#open.size;
  }

  /** Connections to the other side that are open. */
  get lines(): number {
    return this.#reached;
  }

  /**
   * Serves one client.
   * @param socket accepted, with `allowHalfOpen`
   * @returns resolves with the reason when the connection has ended
   */
  async serve(socket: Socket): Promise<Relayed> {
    this.#open.add(socket);
    try {
      const upstream = await this.#reach();
      this.#reached++;
      try {
        const { signal } = this.#stop;
        const { reason, error } = await pipe(socket, upstream.socket, { signal, intake: upstream.intake })
          .ended;
        return { reason, error };
      } finally {
        this.#reached--;
      }
    } catch (cause) {
      const error = cause as RedoubtError;
      // Whoever speaks Redis is told in words.
      goodbye(socket, `-ERR ${error.code} ${error.message}. ${error.hint}\r\n`.replace(/[\r\n]+(?=.)/g, " "));
      return { reason: "upstream-failed", error };
    } finally {
      this.#open.delete(socket);
    }
  }

  /**
   * Connects to the other side once, as far as TLS.
   * @throws RedoubtError with the stage that failed
   */
  async check(): Promise<void> {
    (await this.#reach()).socket.destroy();
  }

  /** Gives clients a time to end by themselves, ms; then they are cut off. */
  async close(timeout: number): Promise<void> {
    const deadline = performance.now() + timeout;
    while (this.#open.size > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    this.#stop.abort();
    for (const socket of this.#open) socket.destroySoon();
  }

  async #reach(): Promise<Carrier> {
    const { target, tls, connectTimeout } = this.#options;
    let first: RedoubtError | null = null;
    for (const endpoint of target.endpoints) {
      try {
        const carrier = await openCarrier(target, endpoint, {
          ...(tls !== undefined && { tls }),
          connectTimeout: connectTimeout ?? target.timeouts.connectMs ?? defaultConnectTimeout,
        });
        this.#news.reached?.();
        return carrier;
      } catch (error) {
        first ??= error as RedoubtError;
      }
    }
    first ??= new RedoubtError("CONFIG_NO_ENDPOINT", "The target names no endpoint");
    this.#news.refused?.(first);
    throw first;
  }
}

import type { Socket } from "node:net";
import type { Endpoint } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";
import { mostTelling } from "../net/cut-short.ts";
import { type Dialled, dialEndpoint } from "../net/dial.ts";
import { type DialOptions } from "../net/dial-options.ts";
import { addressOf } from "./address-map.ts";
import { requireRole } from "./role.ts";
import type { Route, RouteOptions } from "./route.ts";
import { SentinelDirectory, same } from "./sentinel-directory.ts";
import { type WayOptions, wayTo } from "./sentinel-targets.ts";

/** First and longest pause between two attempts to reach the master, ms. Any news of a master end it. */
const firstPause = 25;
const longestPause = 250;

/** An attempt with less time than this, ms, would only say that time is over, and not what is wrong. */
const shortestAttempt = 50;

/** Default of {@link SentinelRouteOptions.scanInterval}, ms. */
export const defaultScanInterval = 10_000;

export interface SentinelRouteOptions {
  readonly masterName: string;
  /** How Sentinels are dialled; the endpoints of its target are those that the user named. */
  readonly sentinels: WayOptions;
  /** How data servers are dialled. */
  readonly data: WayOptions;
  /** All stages of connecting to a Sentinel together, ms. */
  readonly connectTimeout: number;
  /** How often the Sentinels are asked although none has told of a change, ms. Default 10,000. */
  readonly scanInterval?: number | undefined;
}

/**
 * Leads to the master that the Sentinels name, whoever it is at the moment. Connections to a former master are ended as
 * soon as one Sentinel tells of another; that is how they find the new one.
 */
export class SentinelRoute implements Route {
  readonly follows = true;
  readonly directory: SentinelDirectory;
  readonly #options: SentinelRouteOptions;
  readonly #holders = new Set<object>();
  /** Open connections to the master, by the address that was announced for it. */
  readonly #open = new Map<Socket, Endpoint>();

  constructor(options: SentinelRouteOptions) {
    this.#options = options;
    const { masterName, sentinels, connectTimeout, scanInterval = defaultScanInterval } = options;
    this.directory = new SentinelDirectory({
      masterName,
      roots: sentinels.target.endpoints,
      connectTimeout,
      scanInterval,
      // Where a Sentinel is was settled when it became known: by the user, or by the map.
      dial: (endpoint, each) => this.#dialSentinel(endpoint, each),
      reach: (announced) => wayTo(announced, sentinels).endpoint,
    });
    this.directory.onChange((change) => {
      if (change.type === "MASTER_CHANGE") this.#moved(change.node);
    });
  }

  hold(holder: object): void {
    this.#holders.add(holder);
    this.directory.start();
  }

  release(holder: object): void {
    if (this.#holders.delete(holder) && this.#holders.size === 0) this.directory.stop();
  }

  /**
   * Opens a connection to the master. What can heal by itself is tried again until the time is over, and at once when a
   * Sentinel names another master.
   * @throws RedoubtError of the family `TOPOLOGY_`; what dialling throws when waiting does not cure it
   */
  async dial(options: RouteOptions): Promise<Dialled> {
    // Also somebody who only looks (health) needs the Sentinels meanwhile.
    this.hold(options);
    try {
      return await this.#dialUntil(options);
    } finally {
      this.release(options);
    }
  }

  async #dialUntil({ connectTimeout, signal }: RouteOptions): Promise<Dialled> {
    const until = performance.now() + connectTimeout;
    let before: RedoubtError | null = null;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#dialMaster({ connectTimeout: Math.max(1, until - performance.now()), signal });
      } catch (reason) {
        const error = reason as RedoubtError;
        const pause = Math.min(longestPause, firstPause * 2 ** attempt) * (0.5 + Math.random() / 2);
        const cured = error instanceof RedoubtError && error.transient;
        if (!cured || signal.aborted || performance.now() + pause + shortestAttempt >= until)
          throw mostTelling(error, before);
        before = error;
        await this.directory.news(pause, signal);
      }
    }
  }

  /** Where an announced data server is reached from here. */
  reached(announced: Endpoint): Endpoint {
    return wayTo(announced, this.#options.data).endpoint;
  }

  /** A route to one replica, by the address that was announced. */
  replica(announced: Endpoint): Route {
    return {
      dial: async (each) => {
        const dialled = await this.#dialData(announced, each);
        return requireRole(dialled, "replica", "the Sentinels call it a replica", each.signal);
      },
      follows: false,
      hold: (holder) => this.hold(holder),
      release: (holder) => this.release(holder),
    };
  }

  async #dialMaster({ connectTimeout, signal }: RouteOptions): Promise<Dialled> {
    const start = performance.now();
    const master = await within(this.directory.master(), connectTimeout, signal);
    const moved = new AbortController();
    const forget = this.directory.onChange(({ type }) => {
      if (type === "MASTER_CHANGE") moved.abort();
    });
    const { masterName } = this.#options;
    try {
      const either = AbortSignal.any([signal, moved.signal]);
      const left = Math.max(1, connectTimeout - (performance.now() - start));
      const dialled = await this.#dialData(master, { connectTimeout: left, signal: either });
      await requireRole(dialled, "master", `the Sentinels call it the master ${masterName}`, either);
      if (moved.signal.aborted) dialled.close();
      moved.signal.throwIfAborted();
      this.directory.trust(master);
      this.#watch(dialled.socket, master);
      return dialled;
    } catch (error) {
      if (signal.aborted) throw error;
      if (moved.signal.aborted) throw this.#overtaken(master);
      this.directory.doubt(master);
      throw error;
    } finally {
      forget();
    }
  }

  async #dialData(announced: Endpoint, each: RouteOptions): Promise<Dialled> {
    const { target, endpoint, options } = wayTo(announced, this.#options.data);
    try {
      return await dialEndpoint(target, endpoint, { ...options, ...each });
    } catch (error) {
      throw unreachable(error, announced, endpoint);
    }
  }

  #dialSentinel(endpoint: Endpoint, each: RouteOptions): Promise<Dialled> {
    const { target, options } = wayTo(endpoint, { ...this.#options.sentinels, addressMap: undefined });
    return dialEndpoint(target, endpoint, { ...options, ...each } satisfies DialOptions);
  }

  #watch(socket: Socket, master: Endpoint): void {
    this.#open.set(socket, master);
    socket.once("close", () => {
      this.#open.delete(socket);
      this.directory.doubt(master);
    });
  }

  #moved(master: Endpoint): void {
    const { masterName } = this.#options;
    for (const [socket, endpoint] of this.#open) {
      if (same(endpoint, master)) continue;
      socket.destroy(new Error(`the Sentinels moved ${masterName} to ${addressOf(master)}`));
    }
  }

  #overtaken(master: Endpoint): RedoubtError {
    const { masterName } = this.#options;
    const address = addressOf(master);
    return new RedoubtError("TOPOLOGY_WRONG_ROLE", `${address} is not the master ${masterName} any more`, {
      address,
    });
  }
}

/** Not being able to get there is the Sentinels' matter: the address that they announced may not be one from here. */
function unreachable(error: unknown, announced: Endpoint, dialled: Endpoint): unknown {
  if (!(error instanceof RedoubtError) || !/^(TCP|DNS|TIMEOUT)_/.test(error.code)) return error;
  const address = addressOf(dialled);
  const mapped = same(announced, dialled) ? "" : `, reached at ${address}`;
  const message = `The Sentinels announce ${addressOf(announced)}${mapped}, and it cannot be used from here: ${error.message}`;
  return new RedoubtError("TOPOLOGY_UNREACHABLE", message, {
    address,
    cause: error,
    ...(error.stage !== undefined && { stage: error.stage }),
  });
}

/** A promise, for so long (ms) and until the signal is aborted. */
function within<T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (error: RedoubtError): void => {
      forget();
      reject(error);
    };
    const aborted = (): void =>
      end(new RedoubtError("CLOSED_ABORTED", "Connecting was aborted", { cause: signal.reason }));
    const forget = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", aborted);
    };
    const timer = setTimeout(
      () => end(new RedoubtError("TOPOLOGY_NO_SENTINEL", `No Sentinel answered within ${Math.round(ms)} ms`)),
      ms,
    );
    signal.addEventListener("abort", aborted);
    promise.then(resolve, reject).finally(forget);
  });
}

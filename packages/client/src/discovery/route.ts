import type { Dialled } from "../net/dial.ts";

/** What differs from one connection of a client to the next. */
export interface RouteOptions {
  /** All stages together, ms. */
  readonly connectTimeout: number;
  readonly signal: AbortSignal;
}

/** Where the connections of a client lead: to fixed endpoints, or to the master that Sentinels name. */
export interface Route {
  /** Opens a connection to the right server. */
  dial(options: RouteOptions): Promise<Dialled>;
  /**
   * Whether the right server may change. Then a route ends the connections that lead to a wrong one by itself, and a
   * server that refuses writes is a reason to dial again.
   */
  readonly follows: boolean;
  /** A client that will dial has been connected: news are followed from now on, until {@link Route.release}. */
  hold(holder: object): void;
  /** The client is closed. */
  release(holder: object): void;
}

/** A route that always leads to the same place. */
export function fixedRoute(dial: Route["dial"]): Route {
  return { dial, follows: false, hold: () => {}, release: () => {} };
}

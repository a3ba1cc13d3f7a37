import type { RedoubtError } from "../errors.ts";
import type { Connection, Setback } from "../net/connection.ts";
import type { Dialled } from "../net/dial.ts";
import type { Limits } from "../protocol/limits.ts";
import type { OfflineQueueLimits } from "./offline-queue.ts";
import type { ReconnectStrategy } from "./terms.ts";

/** What a link tells whoever owns it. */
export interface LinkEvents {
  /**
   * A new connection is open. What is sent now goes before everything that waits (subscriptions, tracking). When it
   * rejects, the connection is given up and another one is tried.
   */
  readonly prepare?: (connection: Connection) => Promise<void>;
  /** The connection is prepared and takes commands. */
  readonly onReady?: () => void;
  /** A connection could not be made, or was lost. */
  readonly onError?: (error: RedoubtError) => void;
  readonly onReconnecting?: () => void;
  /** It is over: closed, or given up. */
  readonly onEnd?: () => void;
  readonly onPush?: (values: unknown[]) => void;
  /** Another way to answer a command that was refused or lost; null: reject it. */
  readonly recover?: (setback: Setback) => Promise<unknown> | null;
}

export interface LinkOptions extends LinkEvents {
  /** Opens a connection: to a fixed endpoint, to the master that a Sentinel names, to a node of a cluster. */
  readonly dial: (options: {
    readonly connectTimeout: number;
    readonly signal: AbortSignal;
  }) => Promise<Dialled>;
  readonly reconnect: ReconnectStrategy;
  /** null: nothing may wait for a connection. */
  readonly offlineQueue: OfflineQueueLimits | null;
  /** ms; also how long `Link.connect` tries. */
  readonly connectTimeout: number;
  readonly commandTimeout: number;
  readonly socketTimeout: number;
  /** See `keepBeating`. Default 60,000 ms. */
  readonly pingInterval?: number;
  readonly limits: Partial<Limits>;
}

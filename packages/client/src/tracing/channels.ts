import { type Channel, channel, type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import type { RedoubtError } from "../errors.ts";
import type { BatchTrace, CommandTrace } from "./command-trace.ts";

// What happens inside, told to whoever listens on Node's `diagnostics_channel`. Nobody listening costs one look.
// Names and what is told are part of the public interface: see docs/guide/observability.md.

/** Opening one connection: from the first stage to the last. */
export interface ConnectTrace {
  /** Where to, as it was said: `cache.example:6380`. */
  readonly server: string;
  /** The address that answered, `10.0.0.4:6380`; null as long as none has. */
  address: string | null;
  /** Filled in at the end: each stage and its ms. */
  stages: readonly { readonly name: string; readonly ms: number; readonly ok: boolean }[];
  error?: RedoubtError;
}

/** A turn in the life of a connection that is kept up. */
export interface ConnectionNews {
  /**
   * `ready`: it takes commands. `lost`: it does not any more, and another one is made. `failed`: an attempt to make one
   * did not work out. `closed`: it is over, on purpose or given up.
   */
  readonly event: "ready" | "lost" | "failed" | "closed";
  /** `cache.example:6380`; null where it is not known. */
  readonly server: string | null;
  /** By how much the number of open connections changed. */
  readonly change: 1 | 0 | -1;
  readonly error: RedoubtError | null;
}

/** What becomes of the credentials of one connection. */
export interface LoginNews {
  /** `renewed`: the server accepted newer ones. `refused`: it did not. `failed`: the provider gave none. */
  readonly event: "renewed" | "refused" | "failed";
  readonly server: string;
  readonly error: RedoubtError | null;
}

/** `redoubt:command`: every command, from call to reply, waiting and repeating included. */
export const commandChannel: TracingChannel<CommandTrace> = tracingChannel("redoubt:command");
/** `redoubt:batch`: every transaction and pipeline. */
export const batchChannel: TracingChannel<BatchTrace> = tracingChannel("redoubt:batch");
/** `redoubt:connect`: every attempt to open a connection. */
export const connectChannel: TracingChannel<ConnectTrace> = tracingChannel("redoubt:connect");
/** `redoubt:connection`: {@link ConnectionNews}. */
export const connectionChannel: Channel = channel("redoubt:connection");
/** `redoubt:login`: {@link LoginNews}. */
export const loginChannel: Channel = channel("redoubt:login");

/**
 * Does work and tells its begin and end on a channel. What the work gives is not told: it may be data.
 * @param atEnd fills in what is only known then
 */
export function traced<Trace extends { error?: RedoubtError }, T>(
  on: TracingChannel<Trace>,
  trace: Trace,
  work: () => Promise<T>,
  atEnd?: () => void,
): Promise<T> {
  return on.start.runStores(trace, () => {
    const promise = work();
    on.end.publish(trace);
    const settled = (): void => {
      atEnd?.();
      on.asyncStart.publish(trace);
      on.asyncEnd.publish(trace);
    };
    return promise.then(
      (value) => {
        settled();
        return value;
      },
      (error: RedoubtError) => {
        trace.error = error;
        on.error.publish(trace);
        settled();
        throw error;
      },
    );
  });
}

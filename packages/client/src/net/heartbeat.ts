import { ping } from "../commands/connection.ts";
import { asStrings } from "../protocol/reply.ts";
import type { Connection } from "./connection.ts";

/** How long a connection may be silent before it is asked whether it is still there, ms. */
export const defaultPingInterval = 60_000;

/**
 * Says `PING` on a connection that has been silent for a while: that keeps providers and firewalls from closing it, and
 * makes a reply due, so that a half-open connection is noticed by its deadline (`socketTimeout`) and replaced.
 * While a reply is due anyway (a blocking command, too) nothing is said, nor in the middle of a transaction written by
 * hand.
 * @param interval ms; 0: never
 * @returns ends it
 */
export function keepBeating(connection: Connection, interval: number): () => void {
  if (interval === 0) return () => {};
  let timer: NodeJS.Timeout;
  const beatIn = (ms: number): void => {
    // The open socket keeps the process alive where that is wanted.
    timer = setTimeout(beat, ms).unref();
  };
  const beat = (): void => {
    const silentFor = performance.now() - connection.quietSince;
    if (silentFor < interval && connection.inFlight === 0) return beatIn(interval - silentFor);
    if (connection.inFlight === 0 && !connection.inTransaction)
      // A RESP2 connection that has subscribed may get messages before the answer, which are read in the same way.
      connection.send(ping(), connection.isSubscriber ? connection.pushMode : asStrings).catch(() => {});
    beatIn(interval);
  };
  beatIn(interval);
  return () => clearTimeout(timer);
}

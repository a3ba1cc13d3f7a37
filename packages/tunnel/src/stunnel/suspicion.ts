import { speaksPlainRedis } from "@redoubt/client/net";
import type { Logger } from "./log.ts";
import { type Address, addressText } from "./targets.ts";

/** How long the question may take, and how long an answer holds, ms. */
const limit = 2000;
const holds = 60_000;

/**
 * Finds out why a target says nothing in a TLS handshake: a plain Redis waits for the end of a line that never comes, and
 * stunnel then waits for `TIMEOUTbusy`, five minutes, without a word. Each target is asked once in a minute.
 */
export class Suspicion {
  readonly #signal: AbortSignal;
  readonly #asked = new Map<string, number>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  look(address: Address, log: Logger): void {
    const text = addressText(address);
    const now = performance.now();
    if (now - (this.#asked.get(text) ?? Number.NEGATIVE_INFINITY) < holds) return;
    this.#asked.set(text, now);
    log(4, `${text} does not answer the TLS handshake`);
    const asked =
      "path" in address ? { ip: "", port: 0, path: address.path } : { ip: address.host, port: address.port };
    void speaksPlainRedis(asked, limit, this.#signal).then((plain) => {
      if (plain) log(3, `${text} speaks plain Redis where TLS is expected: was TLS switched off?`);
    });
  }
}

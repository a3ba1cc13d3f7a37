import type { Buffer } from "node:buffer";
import { CommandScanner } from "../resp/command-scanner.ts";

/** Commands after which a client waits for what others do. Redis's own `timeout` spares the same clients. */
const waiting = new Set(["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR", "PSYNC", "SYNC"]);

/** Commands after which it no longer does. UNSUBSCRIBE may leave some channels: then it still waits, and is still spared. */
const ending = new Set(["RESET", "QUIT"]);

/** Enough bytes of a command to hold its name: a count, a length and the longest name of both lists. */
const headBytes = 64;

const headOf = /^(?:\*\d+\r\n\$\d+\r\n|[ \t]*)([A-Za-z]+)[\r\n \t]/;

/**
 * Follows what a client says as far as needed to know whether it waits for messages: only the beginnings of commands are
 * looked at. Where the stream cannot be followed, the client is not spared.
 */
export class Subscriptions {
  readonly #scanner = new CommandScanner();
  #waits = false;
  #lost = false;
  /** The beginning of a command that the last chunk cut before its name was whole. */
  #head = "";

  /** Whether the client waits for messages. */
  get waits(): boolean {
    return this.#waits && !this.#lost;
  }

  /** Takes what the client said, as it came. */
  follow(chunk: Buffer): void {
    if (this.#lost) return;
    try {
      let at = 0;
      while (at < chunk.length) {
        const begins = !this.#scanner.isWithin;
        if (begins || this.#head !== "") this.#look(chunk, at);
        at = this.#scanner.next(chunk, at, chunk.length);
        if (at < 0) return;
        this.#head = "";
      }
    } catch {
      this.#lost = true;
    }
  }

  #look(chunk: Buffer, at: number): void {
    const head = this.#head + chunk.toString("latin1", at, Math.min(chunk.length, at + headBytes));
    const name = headOf.exec(head)?.[1]?.toUpperCase();
    this.#head = name === undefined && head.length < headBytes ? head : "";
    if (name === undefined) return;
    if (waiting.has(name)) this.#waits = true;
    else if (ending.has(name)) this.#waits = false;
  }
}

import type { Command } from "../commands/command.ts";
import { isTransaction } from "../commands/transaction.ts";
import { RedoubtError } from "../errors.ts";
import { clock, type Watcher } from "../net/clock.ts";
import { abortedError } from "./abort.ts";

/** How much may wait for a connection. What is over a limit is rejected at once, what is over its time when it is over. */
export interface OfflineQueueLimits {
  /** Default 10,000. */
  readonly maxCommands: number;
  /** Bytes of all arguments together. Default 16 MiB. */
  readonly maxBytes: number;
  /** How long a command may wait, ms. Default 5000. */
  readonly maxMs: number;
}

export const defaultOfflineQueue: OfflineQueueLimits = {
  maxCommands: 10_000,
  maxBytes: 16 * 1024 * 1024,
  maxMs: 5000,
};

/** Carries out a command that has waited. `timeout`: what is left of its time, ms; 0: no limit. */
export type Send = (command: Command<unknown>, mode: number, timeout: number) => Promise<unknown>;

interface Entry {
  readonly command: Command<unknown>;
  readonly mode: number;
  readonly bytes: number;
  /** Takes the command out when its signal is aborted. */
  readonly abort: () => void;
  readonly signal: AbortSignal | undefined;
  /** Until when it may wait, and until when it must be answered (0: no limit), on the clock's time. */
  readonly sendBy: number;
  readonly answerBy: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Commands that were given while there is no connection, in order. Bounded in count, bytes and time. */
export class OfflineQueue implements Watcher {
  readonly #limits: OfflineQueueLimits;
  readonly #entries = new Set<Entry>();
  #bytes = 0;

  constructor(limits: OfflineQueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#entries.size;
  }

  /**
   * Lets a command wait.
   * @param timeout from now to the reply, ms; 0: none
   * @param signal takes it out again
   * @returns its reply, or `CLOSED_QUEUE_FULL`, `TIMEOUT_QUEUE`, `CLOSED_ABORTED`
   */
  add<Reply>(command: Command<Reply>, mode: number, timeout: number, signal?: AbortSignal): Promise<Reply> {
    const bytes = sizeOf(command);
    const { maxCommands, maxBytes, maxMs } = this.#limits;
    if (this.#entries.size >= maxCommands || this.#bytes + bytes > maxBytes) {
      const limit = this.#entries.size >= maxCommands ? `${maxCommands} commands` : `${maxBytes} bytes`;
      return Promise.reject(
        new RedoubtError(
          "CLOSED_QUEUE_FULL",
          `${command.spec.name} found the offline queue full (${limit})`,
          { command: command.spec.name },
        ),
      );
    }
    return new Promise<unknown>((resolve, reject) => {
      if (this.#entries.size === 0) clock.watch(this);
      const { now } = clock;
      const sendBy = now + (timeout === 0 ? maxMs : Math.min(maxMs, timeout));
      const abort = (): void => {
        if (this.#remove(entry)) reject(abortedError(command, signal as AbortSignal));
      };
      const entry: Entry = {
        command,
        abort,
        mode,
        bytes,
        signal,
        sendBy,
        answerBy: timeout === 0 ? 0 : now + timeout,
        resolve,
        reject,
      };
      this.#entries.add(entry);
      this.#bytes += bytes;
      signal?.addEventListener("abort", entry.abort);
    }) as Promise<Reply>;
  }

  /**
   * Hands waiting commands on, in order, with what is left of their time.
   * @param which default: all
   */
  flush(send: Send, which: (command: Command<unknown>) => boolean = () => true): void {
    for (const entry of this.#entries) {
      if (!which(entry.command)) continue;
      this.#remove(entry);
      const left = entry.answerBy === 0 ? 0 : Math.max(1, entry.answerBy - clock.now);
      send(entry.command, entry.mode, left).then(entry.resolve, entry.reject);
    }
  }

  /** Rejects all waiting commands. */
  rejectAll(because: (command: string) => RedoubtError): void {
    for (const entry of this.#entries) {
      this.#remove(entry);
      entry.reject(because(entry.command.spec.name));
    }
  }

  checkDeadlines(now: number): void {
    for (const entry of this.#entries) {
      if (entry.sendBy > now) continue;
      this.#remove(entry);
      const { name } = entry.command.spec;
      entry.reject(
        new RedoubtError("TIMEOUT_QUEUE", `${name} was not sent: it waited too long for a connection`, {
          command: name,
        }),
      );
    }
  }

  #remove(entry: Entry): boolean {
    if (!this.#entries.delete(entry)) return false;
    this.#bytes -= entry.bytes;
    entry.signal?.removeEventListener("abort", entry.abort);
    if (this.#entries.size === 0) clock.unwatch(this);
    return true;
  }
}

function sizeOf(command: Command<unknown>): number {
  const { spec, args } = command;
  let bytes = spec.head.length;
  if (isTransaction(command)) for (const queued of command.queued) bytes += sizeOf(queued);
  for (const arg of args) bytes += typeof arg === "number" ? 8 : (arg?.length ?? 0);
  return bytes;
}

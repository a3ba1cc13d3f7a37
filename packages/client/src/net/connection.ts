import type { Buffer } from "node:buffer";
import type { Command } from "../commands/command.ts";
import { EXEC, isPinned, isTransaction, MULTI, type Transaction } from "../commands/transaction.ts";
import { RedoubtError, type ReplyError } from "../errors.ts";
import { Decoder } from "../protocol/decoder.ts";
import type { Limits } from "../protocol/limits.ts";
import { asBuffers, asObject, asStrings, type ReplySink } from "../protocol/reply.ts";
import { collector } from "./batch.ts";
import { clock, type Watcher } from "./clock.ts";
import { Confirmations, isOfPubSub } from "./confirmations.ts";
import type { Dialled } from "./dial.ts";
import { dropped, InFlight, noDeadline, type Settle } from "./in-flight.ts";
import { locatedAt, lossOf } from "./loss.ts";
import { Outbox } from "./outbox.ts";
import type { DialReport } from "./report.ts";
import { answeredOnce, type Setback } from "./setback.ts";

export type { Setback } from "./setback.ts";

/** What the shape of a reply adds to the mode that the caller chose. */
const shapeModes = { object: asObject, bytes: asBuffers } as const;

// One executor for all promises: a closure for each would be half of what a command allocates.
let settleOfLast: Settle = dropped;
const executor = (resolve: Settle): void => {
  settleOfLast = resolve;
};

export interface ConnectionOptions {
  /** Default of the timeout of a command, ms; 0: none. */
  readonly commandTimeout: number;
  /** For how long nothing may arrive while replies are due, ms; 0: for ever. */
  readonly socketTimeout: number;
  readonly limits?: Limits;
  /** The connection is of no more use; all its commands have been rejected. Called once. */
  readonly onClose: (error: RedoubtError) => void;
  /** A RESP3 push, or what stands for it on a RESP2 connection that has subscribed. */
  readonly onPush?: (values: unknown[]) => void;
  /** Another way to answer a command than its error; null: there is none. */
  readonly recover?: (setback: Setback) => Promise<unknown> | null;
}

/** Commands and replies on one socket. */
export class Connection implements ReplySink, Watcher {
  readonly report: DialReport;
  /** How the strings of pushes are built, see `protocol`. */
  pushMode: number = asStrings;
  readonly #dialled: Dialled;
  readonly #options: ConnectionOptions;
  readonly #outbox: Outbox;
  readonly #decoder: Decoder;
  readonly #protocol: 2 | 3;
  readonly #inFlight = new InFlight();
  readonly #confirmations = new Confirmations();
  /** Whether a RESP2 connection has subscribed: then replies may be messages. */
  #subscriber = false;
  /** Whether a transaction that is written by hand is open. */
  #inTransaction = false;

  /** What was last refused on behalf of nobody, and its place in flight: why EXEC is going to fail. */
  #refusal: { readonly at: number; readonly error: ReplyError } | null = null;

  /** Up to here commands with timeouts of their own may be in flight: the order of deadlines is not that of the commands. */
  #mixedUntil = 0;
  /** When something came last, or when a command was sent while none was in flight. */
  #quietSince: number = performance.now();
  #closed: RedoubtError | null = null;
  #drained: (() => void) | null = null;

  constructor(dialled: Dialled, options: ConnectionOptions) {
    this.report = dialled.report;
    this.#dialled = dialled;
    this.#options = options;
    this.#protocol = dialled.report.protocol;
    this.#decoder = new Decoder(this, options.limits);
    const { socket, wire } = dialled;
    this.#outbox = new Outbox(socket);
    socket.on("error", (cause) => this.#fail(lossOf(this.report.address, cause)));
    socket.on("close", () => {
      // After most closings everybody has been told, and an error is dear to make.
      if (this.#closed === null) this.#fail(lossOf(this.report.address));
    });
    wire.read(
      (chunk, length) => this.#receive(chunk, length),
      () => this.#decoder.place,
    );
  }

  /** How many commands wait for their reply. */
  get inFlight(): number {
    return this.#inFlight.length;
  }

  /** Since when nothing has happened, ms on the coarse clock. */
  get quietSince(): number {
    return this.#quietSince;
  }

  /** Whether a RESP2 connection has subscribed: then it takes no other commands. */
  get isSubscriber(): boolean {
    return this.#subscriber;
  }

  /** Whether `MULTI` was sent as a command of its own, and not yet `EXEC`: what is sent now becomes part of it. */
  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /**
   * Sends a command.
   * @param mode how to build the reply, see `protocol`
   * @param timeout from now to the reply, ms; 0: none; a blocking command never has one
   * @returns the decoded reply; rejects with the server's error, `TIMEOUT_COMMAND`, `CLOSED_CONNECTION`, or what `Encoder.add` throws
   */
  send<Reply>(
    command: Command<Reply>,
    mode: number,
    timeout: number = this.#options.commandTimeout,
  ): Promise<Reply> {
    if (this.#closed !== null) return Promise.reject(this.#closed);
    try {
      if (isTransaction(command)) this.#addTransaction(command);
      else this.#outbox.add(command);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    const promise = new Promise(executor as (resolve: Settle) => void) as Promise<Reply>;
    this.#enter(settleOfLast, command, mode, timeout);
    this.#outbox.sent(this.#inFlight.length);
    return promise;
  }

  /**
   * Sends commands behind each other and answers them together: cheaper than a promise for each.
   * @param timeout from now to each reply, ms; 0: none
   * @returns their decoded replies, in order, error replies among them; rejects once, with what kept one of them from
   *   being answered, see {@link Connection.send}
   */
  sendBatch(
    commands: readonly Command<unknown>[],
    mode: number,
    timeout: number = this.#options.commandTimeout,
  ): Promise<unknown[]> {
    if (this.#closed !== null) return Promise.reject(this.#closed);
    if (commands.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      for (const command of commands) this.#outbox.check(command);
      this.#outbox.expect(commands.length);
      const settle = collector(commands.length, resolve, reject);
      for (const command of commands) {
        this.#outbox.add(command);
        this.#enter(settle, command, mode, timeout);
        this.#outbox.sent(this.#inFlight.length);
      }
    });
  }

  /**
   * All of a transaction behind each other. Nobody waits for `MULTI` and for what is queued: EXEC's reply answers. What has
   * left before EXEC has no effect.
   */
  #addTransaction({ queued }: Transaction<unknown>): void {
    for (const command of queued) this.#outbox.check(command);
    this.#outbox.expect(queued.length + 2);
    this.#outbox.add(MULTI);
    this.#enter(dropped, MULTI, asStrings, 0);
    this.#outbox.sent(this.#inFlight.length);
    for (const command of queued) {
      this.#outbox.add(command);
      this.#enter(dropped, command, asStrings, 0);
      this.#outbox.sent(this.#inFlight.length);
    }
    this.#outbox.add(EXEC);
  }

  /**
   * Sends `SUBSCRIBE`, `PUNSUBSCRIBE` or another of their family.
   * @param confirmations how many channels it names: each is confirmed by a message of its own
   * @returns when all are confirmed
   */
  sendSubscription(command: Command<unknown>, confirmations: number): Promise<void> {
    if (this.#protocol === 2) this.#subscriber = true;
    const { head } = this.#inFlight;
    const confirmed = this.send(command, this.pushMode | answeredOnce) as Promise<void>;
    if (this.#inFlight.head > head) this.#confirmations.expect(head, command.spec.name, confirmations);
    return confirmed;
  }

  /** Resolves when nothing is in flight any more. */
  drain(): Promise<void> {
    if (this.#inFlight.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  /** Closes at once: what is in flight is rejected with the given error. */
  destroy(error: RedoubtError): void {
    this.#fail(error);
  }

  #enter(settle: Settle, command: Command<unknown>, mode: number, timeout: number): void {
    const { blocking, shape, bracket } = command.spec;
    if (this.#inFlight.length === 0) {
      clock.watch(this);
      this.#quietSince = clock.now;
    }
    if (bracket !== 0 || this.#inTransaction) {
      this.#inTransaction = bracket >= 0;
      mode |= answeredOnce;
    }
    const deadline = blocking || timeout === 0 ? noDeadline : clock.now + timeout;
    this.#inFlight.enter(settle, command, shape === "plain" ? mode : mode | shapeModes[shape], deadline);
    if (timeout !== this.#options.commandTimeout) this.#mixedUntil = this.#inFlight.head;
  }

  #receive(chunk: Buffer, length: number): void {
    this.#quietSince = clock.now;
    try {
      this.#decoder.write(chunk, length);
    } catch (error) {
      const { address } = this.report;
      this.#fail(error instanceof RedoubtError ? locatedAt(address, error) : lossOf(address, error as Error));
    }
  }

  replyMode(): number {
    return this.#inFlight.length === 0 ? this.pushMode : this.#inFlight.modeAt(this.#inFlight.tail);
  }

  onReply(value: unknown): void {
    if (this.#subscriber && isOfPubSub(value)) return this.onPush(value);
    const { tail } = this.#inFlight;
    const settle = this.#inFlight.settleAt(tail);
    if (this.#inFlight.length === 0 || settle === undefined) {
      throw new RedoubtError("REPLY_PROTOCOL", "The server sent a reply that nobody asked for");
    }
    const { decode } = this.#inFlight.commandAt(tail);
    this.#leave();
    if (decode === null || settle === dropped) return settle(value);
    try {
      settle(decode(value as never, this.#protocol));
    } catch (error) {
      reject(settle, error as Error);
    }
  }

  onReplyError(error: ReplyError): void {
    const { tail } = this.#inFlight;
    const settle = this.#inFlight.settleAt(tail);
    if (this.#inFlight.length === 0 || settle === undefined) throw locatedAt(this.report.address, error);
    Object.defineProperty(error, "command", {
      value: this.#inFlight.commandAt(tail).spec.name,
      enumerable: true,
    });
    this.#confirmations.forget(tail);
    if (this.#inFlight.commandAt(tail).spec.bracket > 0) this.#inTransaction = false;
    if (settle === dropped) this.#refusal = { at: tail, error };
    else this.#explain(error, tail);
    this.#answerWith(tail, settle, error, false);
    this.#leave();
  }

  onPush(values: unknown[]): void {
    const { tail } = this.#inFlight;
    if (this.#confirmations.take(tail, String(values[0]))) {
      const settle = this.#inFlight.settleAt(tail);
      this.#leave();
      settle?.(undefined);
    }
    this.#options.onPush?.(values);
  }

  #leave(): void {
    this.#inFlight.leave();
    if (this.#inFlight.length > 0) return;
    clock.unwatch(this);
    this.#drained?.();
  }

  /** `EXECABORT` does not say which of the commands was refused, and why. */
  #explain(error: ReplyError, at: number): void {
    const command = this.#inFlight.commandAt(at);
    if (this.#refusal === null || !isTransaction(command)) return;
    if (this.#refusal.at >= at - command.queued.length - 1) error.cause = this.#refusal.error;
    this.#refusal = null;
  }

  /** Rejects a command, unless there is another way to answer it. */
  #answerWith(index: number, settle: Settle, error: RedoubtError, uncertain: boolean): void {
    if (settle === dropped) return;
    const deadline = this.#inFlight.deadlineAt(index);
    const setback: Setback = {
      command: this.#inFlight.commandAt(index),
      mode: this.#inFlight.modeAt(index) & ~asObject,
      timeout: deadline === noDeadline ? 0 : Math.max(1, deadline - clock.now),
      error,
      uncertain,
    };
    const once = (setback.mode & answeredOnce) !== 0 || isPinned(setback.command);
    const another = once ? null : (this.#options.recover?.(setback) ?? null);
    if (another === null) reject(settle, error);
    else settle(another);
  }

  checkDeadlines(now: number): void {
    this.#checkLiveness(now);
    const { address } = this.report;
    for (let i = this.#inFlight.tail; i < this.#inFlight.head; i++) {
      const deadline = this.#inFlight.deadlineAt(i);
      // Nothing behind a command that may wait can be answered before it.
      if (i === this.#inFlight.tail && this.#mayWait(i)) return;
      if (deadline > now) {
        // All with the same timeout: what came later is due later.
        if (i >= this.#mixedUntil && deadline !== noDeadline) return;
        continue;
      }
      const settle = this.#inFlight.settleAt(i) as Settle;
      const command = this.#inFlight.commandAt(i).spec.name;
      this.#inFlight.drop(i);
      const message = `No reply to ${command} from ${address} before its deadline`;
      reject(settle, new RedoubtError("TIMEOUT_COMMAND", message, { address, command }));
    }
  }

  /** A connection on which nothing arrives although something is due is half-open: the kernel would need minutes to notice. */
  #checkLiveness(now: number): void {
    const { socketTimeout } = this.#options;
    if (socketTimeout === 0 || this.#inFlight.length === 0 || this.#mayWait(this.#inFlight.tail)) return;
    if (this.#quietSince + socketTimeout > now) return;
    const { address } = this.report;
    const message = `Nothing came from ${address} for ${socketTimeout} ms while replies were due`;
    this.#fail(new RedoubtError("TIMEOUT_SOCKET", message, { address }));
  }

  #mayWait(index: number): boolean {
    return this.#inFlight.deadlineAt(index) === noDeadline && this.#inFlight.settleAt(index) !== dropped;
  }

  #fail(error: RedoubtError): void {
    if (this.#closed !== null) return;
    this.#closed = error;
    clock.unwatch(this);
    this.#outbox.close();
    this.#dialled.close();
    // What has not been written cannot have been carried out.
    const written = this.#inFlight.head - this.#outbox.unwritten;
    while (this.#inFlight.length > 0) {
      const { tail } = this.#inFlight;
      const command = this.#inFlight.commandAt(tail).spec.name;
      this.#answerWith(
        tail,
        this.#inFlight.settleAt(tail) as Settle,
        error.alsoWith({ command }),
        tail < written,
      );
      this.#inFlight.leave();
    }
    this.#drained?.();
    this.#options.onClose(error);
  }
}

function reject(settle: Settle, error: Error): void {
  // Nobody would handle the rejection of a command whose caller has gone.
  if (settle !== dropped) settle(Promise.reject(error));
}

import type { Buffer } from "node:buffer";
import type { Command, Decode } from "../commands/command.ts";
import { RedoubtError, type ReplyError } from "../errors.ts";
import { asObject, Decoder, type ReplySink } from "../protocol/decoder.ts";
import { Encoder } from "../protocol/encoder.ts";
import type { Limits } from "../protocol/limits.ts";
import { clock, type Watcher } from "./clock.ts";
import type { Dialled } from "./dial.ts";
import type { DialReport } from "./report.ts";

type Settle = (value: unknown) => void;

/** A place in the ring whose caller has been answered already (deadline, abort): the reply is thrown away. */
const dropped: Settle = () => {};
/** The deadline of a command that waits on purpose, or has been answered. */
const noDeadline = Number.POSITIVE_INFINITY;
/** Less than this is not worth a write of its own while the tick may still bring more. */
const worthWriting = 512;

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
  /** A RESP3 push. */
  readonly onPush?: (values: unknown[]) => void;
}

/**
 * Commands and replies on one socket. Replies come in the order of the commands, so what is in flight is a ring: the
 * newest command enters at `head`, the next reply belongs to `tail`. Its columns are arrays of their own, because an
 * object per command would cost more than all the rest.
 *
 * Commands of one tick leave in one write. While a tick still brings commands, what waits is written as soon as it is
 * half of all that is in flight, so that the server works while the rest is being encoded.
 */
export class Connection implements ReplySink, Watcher {
  readonly report: DialReport;
  readonly #dialled: Dialled;
  readonly #options: ConnectionOptions;
  readonly #encoder = new Encoder();
  readonly #decoder: Decoder;
  readonly #protocol: 2 | 3;

  #settles: (Settle | undefined)[] = new Array(64);
  #decodes: (Decode<unknown> | null)[] = new Array(64);
  #names: string[] = new Array(64);
  #modes: number[] = new Array(64);
  #deadlines: number[] = new Array(64);
  #mask = 63;
  #head = 0;
  #tail = 0;

  /** Up to here commands with timeouts of their own may be in flight, so that the order of deadlines is not that of the ring. */
  #mixedUntil = 0;

  /** Since when replies are due and nothing has come. */
  #quietSince = 0;

  /** Commands encoded and not yet written. */
  #unwritten = 0;
  #flushQueued = false;
  #closed: RedoubtError | null = null;
  #drained: (() => void) | null = null;

  constructor(dialled: Dialled, options: ConnectionOptions) {
    this.report = dialled.report;
    this.#dialled = dialled;
    this.#options = options;
    this.#protocol = dialled.report.protocol;
    this.#decoder = new Decoder(this, options.limits);
    const { socket, wire } = dialled;
    socket.on("error", (cause) => this.#fail(this.#lost(cause)));
    socket.on("close", () => this.#fail(this.#lost()));
    wire.read((chunk, length) => this.#receive(chunk, length));
  }

  /** How many commands wait for their reply. */
  get inFlight(): number {
    return this.#head - this.#tail;
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
      this.#encoder.add(command);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    const promise = new Promise(executor as (resolve: Settle) => void) as Promise<Reply>;
    this.#enter(settleOfLast, command, mode, timeout);
    this.#unwritten++;
    if (!this.#flushQueued) {
      this.#flushQueued = true;
      process.nextTick(flushLater, this);
    } else if (
      this.#unwritten * 2 >= this.#head - this.#tail &&
      this.#encoder.waiting >= worthWriting &&
      this.#dialled.socket.writableLength === 0
    ) {
      this.#flush();
    }
    return promise;
  }

  /** Resolves when nothing is in flight any more. */
  drain(): Promise<void> {
    if (this.#head === this.#tail) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  /** Closes at once: what is in flight is rejected with the given error. */
  destroy(error: RedoubtError): void {
    this.#fail(error);
  }

  #enter(settle: Settle, { spec, decode }: Command<unknown>, mode: number, timeout: number): void {
    if (this.#head - this.#tail > this.#mask) this.#grow();
    if (this.#head === this.#tail) {
      clock.watch(this);
      this.#quietSince = clock.now;
    }
    const slot = this.#head++ & this.#mask;
    this.#settles[slot] = settle;
    this.#decodes[slot] = decode;
    this.#names[slot] = spec.name;
    this.#modes[slot] = spec.shape === "object" ? mode | asObject : mode;
    this.#deadlines[slot] = spec.blocking || timeout === 0 ? noDeadline : clock.now + timeout;
    if (timeout !== this.#options.commandTimeout) this.#mixedUntil = this.#head;
  }

  #grow(): void {
    const size = this.#mask + 1;
    const inOrder = <T>(column: T[]): T[] => {
      const grown = new Array<T>(size * 2);
      for (let i = 0; i < size; i++)
        grown[(this.#tail + i) & (size * 2 - 1)] = column[(this.#tail + i) & this.#mask] as T;
      return grown;
    };
    this.#settles = inOrder(this.#settles);
    this.#decodes = inOrder(this.#decodes);
    this.#names = inOrder(this.#names);
    this.#modes = inOrder(this.#modes);
    this.#deadlines = inOrder(this.#deadlines);
    this.#mask = size * 2 - 1;
  }

  /** @internal for the queued flush */
  flushNow(): void {
    this.#flushQueued = false;
    if (this.#unwritten > 0 && this.#closed === null) this.#flush();
  }

  #flush(): void {
    this.#unwritten = 0;
    const { socket } = this.#dialled;
    const view = this.#encoder.takeView();
    if (view !== null) socket.write(view);
    else for (const bytes of this.#encoder.take()) socket.write(bytes);
    if (socket.writableLength === 0) this.#encoder.reuse();
  }

  #receive(chunk: Buffer, length: number): void {
    this.#quietSince = clock.now;
    try {
      this.#decoder.write(chunk, length);
    } catch (error) {
      this.#fail(error instanceof RedoubtError ? this.#located(error) : this.#lost(error as Error));
    }
  }

  replyMode(): number {
    return this.#modes[this.#tail & this.#mask] as number;
  }

  onReply(value: unknown): void {
    const slot = this.#tail & this.#mask;
    const settle = this.#settles[slot];
    const decode = this.#decodes[slot] as Decode<unknown> | null;
    if (this.#tail === this.#head || settle === undefined)
      throw new RedoubtError("REPLY_PROTOCOL", "The server sent a reply that nobody asked for");
    this.#leave(slot);
    if (decode === null || settle === dropped) settle(value);
    else {
      try {
        settle(decode(value as never, this.#protocol));
      } catch (error) {
        settle(Promise.reject(error as Error));
      }
    }
  }

  onReplyError(error: ReplyError): void {
    const slot = this.#tail & this.#mask;
    const settle = this.#settles[slot];
    if (this.#tail === this.#head || settle === undefined) throw this.#located(error);
    Object.defineProperty(error, "command", { value: this.#names[slot], enumerable: true });
    this.#leave(slot);
    reject(settle, error);
  }

  onPush(values: unknown[]): void {
    this.#options.onPush?.(values);
  }

  #leave(slot: number): void {
    this.#settles[slot] = undefined;
    this.#decodes[slot] = null;
    this.#tail++;
    if (this.#head === this.#tail) {
      clock.unwatch(this);
      this.#drained?.();
    }
  }

  checkDeadlines(now: number): void {
    this.#checkLiveness(now);
    for (let i = this.#tail; i < this.#head; i++) {
      const slot = i & this.#mask;
      const deadline = this.#deadlines[slot] as number;
      const settle = this.#settles[slot] as Settle;
      // Nothing behind a command that may wait can be answered before it.
      if (deadline === noDeadline && i === this.#tail && settle !== dropped) return;
      if (deadline > now) {
        // All with the same timeout: what came later is due later.
        if (i >= this.#mixedUntil && deadline !== noDeadline) return;
        continue;
      }
      this.#settles[slot] = dropped;
      this.#deadlines[slot] = noDeadline;
      const command = this.#names[slot] as string;
      const { address } = this.report;
      const message = `No reply to ${command} from ${address} before its deadline`;
      reject(settle, new RedoubtError("TIMEOUT_COMMAND", message, { address, command }));
    }
  }

  /** A connection on which nothing arrives although something is due is half-open: the kernel would need minutes to notice. */
  #checkLiveness(now: number): void {
    const { socketTimeout } = this.#options;
    const slot = this.#tail & this.#mask;
    const waitsOnPurpose = this.#deadlines[slot] === noDeadline && this.#settles[slot] !== dropped;
    if (
      socketTimeout === 0 ||
      this.#head === this.#tail ||
      waitsOnPurpose ||
      this.#quietSince + socketTimeout > now
    )
      return;
    const { address } = this.report;
    this.#fail(
      new RedoubtError(
        "TIMEOUT_SOCKET",
        `Nothing came from ${address} for ${socketTimeout} ms while replies were due`,
        { address },
      ),
    );
  }

  #fail(error: RedoubtError): void {
    if (this.#closed !== null) return;
    this.#closed = error;
    clock.unwatch(this);
    this.#dialled.close();
    for (; this.#tail < this.#head; this.#tail++) {
      const slot = this.#tail & this.#mask;
      reject(this.#settles[slot] as Settle, error.alsoWith({ command: this.#names[slot] as string }));
      this.#settles[slot] = undefined;
    }
    this.#drained?.();
    this.#options.onClose(error);
  }

  #lost(cause?: Error): RedoubtError {
    const { address } = this.report;
    const reason =
      cause === undefined ? "the server closed it" : ((cause as NodeJS.ErrnoException).code ?? cause.message);
    return new RedoubtError("CLOSED_CONNECTION", `The connection to ${address} was lost (${reason})`, {
      address,
      ...(cause !== undefined && { cause }),
    });
  }

  #located(error: RedoubtError): RedoubtError {
    const { address } = this.report;
    return new RedoubtError(error.code, `${error.message} (${address})`, {
      address,
      hint: error.hint,
      cause: error,
    });
  }
}

/** Resolving with a rejected promise spares a second function for each command. */
function reject(settle: Settle, error: Error): void {
  // Nobody would handle the rejection of a command whose caller has gone.
  if (settle !== dropped) settle(Promise.reject(error));
}

function flushLater(connection: Connection): void {
  connection.flushNow();
}

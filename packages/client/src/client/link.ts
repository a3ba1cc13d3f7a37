import { setMaxListeners } from "node:events";
import type { Command } from "../commands/command.ts";
import { endpointText } from "../config/endpoint.ts";
import { RedoubtError, ReplyError } from "../errors.ts";
import { Connection } from "../net/connection.ts";
import { mostTelling } from "../net/cut-short.ts";
import { defaultPingInterval, keepBeating } from "../net/heartbeat.ts";
import { stayLoggedIn } from "../net/stay-logged-in.ts";
import { defaultLimits } from "../protocol/limits.ts";
import { type ConnectionNews, connectionChannel } from "../tracing/channels.ts";
import { Handover } from "./handover.ts";
import type { LinkOptions } from "./link-options.ts";
import { OfflineQueue, type Send } from "./offline-queue.ts";
import { type Repeater, Retry } from "./retry.ts";
import type { Terms } from "./terms.ts";
import { isListenedTo, tellBatch, tellCommand } from "./traced-link.ts";

export type { LinkEvents, LinkOptions } from "./link-options.ts";

/** How long a connection that is replaced on purpose may still answer what it was asked, ms. */
const replaceGrace = 5000;

/** An attempt with less time than this, ms, would only say that time is over, and not what is wrong. */
const shortestAttempt = 50;

/** A connection that is younger than this, ms, is not replaced because its server refuses writes. */
const renewPause = 1000;

type State = "new" | "connecting" | "ready" | "reconnecting" | "closing" | "closed";

/**
 * A connection that is kept up: dialled again when it is lost, with a bounded queue for what is asked meanwhile.
 * Clients, nodes of a cluster, subscribers and blocking commands each stand on one of these.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #queue: OfflineQueue | null;
  readonly #retry: Retry;
  #state: State = "new";
  #connection: Connection | null = null;
  /** While a connection that has subscribed is being replaced. */
  #handover: Handover | null = null;
  /** Since when the present connection is ready, ms. */
  #openSince = 0;
  /** Where it was connected to last. */
  #server: string | null = null;
  /** Aborted when the link is closed: ends waiting and dialling. */
  #life: AbortController = newLife();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#queue = options.offlineQueue === null ? null : new OfflineQueue(options.offlineQueue);
    this.#retry = new Retry(this.#repeater());
  }

  get state(): State {
    return this.#state;
  }

  /** Whether it was connected and not closed; the connection may be away at the moment. */
  get isOpen(): boolean {
    return this.#state !== "new" && this.#state !== "closed";
  }

  /** The open, prepared connection, or null. */
  get connection(): Connection | null {
    return this.#state === "ready" || this.#state === "closing" ? this.#connection : null;
  }

  /** How many commands wait for a connection. */
  get waiting(): number {
    return this.#queue?.length ?? 0;
  }

  /**
   * Connects. What can heal by itself (`error.transient`) is tried again until the connect timeout is over; anything
   * else rejects at once.
   */
  async connect(): Promise<void> {
    if (this.isOpen) {
      const hint = "Call connect() once, or duplicate() the client.";
      throw new RedoubtError("CLOSED_CLIENT", "connect() was called on a client that is connected already", {
        hint,
      });
    }
    if (this.#state === "closed") this.#life = newLife();
    this.#state = "connecting";
    const until = performance.now() + this.#options.connectTimeout;
    let before: RedoubtError | null = null;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#open(Math.max(1, until - performance.now()));
      } catch (reason) {
        if (this.#life.signal.aborted) throw closedError();
        const error = reason as RedoubtError;
        const delay = error instanceof RedoubtError && error.transient ? this.#delay(attempt, error) : null;
        if (delay === null || performance.now() + delay + shortestAttempt >= until) {
          const cause = mostTelling(error, before);
          this.#end(cause);
          throw cause;
        }
        before = error;
        this.#failed("failed", error);
        await this.#wait(delay);
      }
    }
  }

  /** Carries out a command, now or when there is a connection. */
  execute<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    if (isListenedTo(terms))
      return tellCommand(
        () => this.connection,
        command,
        terms,
        (own) => this.execute(command, own),
      );
    if (this.#state === "ready" && this.#connection !== null) {
      return this.#connection.send(command, terms.mode, terms.timeout);
    }
    return this.#executeLater(command, terms);
  }

  /** Carries out commands together, in order; see {@link Connection.sendBatch}. */
  executeBatch(commands: readonly Command<unknown>[], terms: Terms): Promise<unknown[]> {
    if (isListenedTo(terms))
      return tellBatch(
        () => this.connection,
        commands,
        terms,
        (own) => this.executeBatch(commands, own),
      );
    if (this.#state === "ready" && this.#connection !== null) {
      return this.#connection.sendBatch(commands, terms.mode, terms.timeout);
    }
    return Promise.all(
      commands.map((command) => this.#executeLater(command, terms).catch(replyErrorAsValue)),
    );
  }

  /** Hands those of the waiting commands for which `which` holds to somebody else, who answers them. */
  handOver(send: Send, which: (command: Command<unknown>) => boolean): void {
    this.#queue?.flush(send, which);
  }

  /**
   * Gives up the present connection and dials again: for a failover, or credentials that have run out.
   * @param graceMs how long it may still answer what it was asked, ms; 0: not at all
   */
  renew(because: RedoubtError, graceMs = 0): void {
    const { connection } = this;
    if (connection === null || this.#state !== "ready") return;
    if (graceMs === 0) return connection.destroy(because);
    this.#lost(connection, because);
    const timer = setTimeout(() => connection.destroy(because), graceMs);
    void connection.drain().then(() => {
      clearTimeout(timer);
      connection.destroy(because);
    });
  }

  /**
   * Closes when all that was sent is answered; takes no more commands from now on.
   * @param graceMs how long to wait for answers, ms; what is unanswered then is rejected
   */
  async close(graceMs: number): Promise<void> {
    if (!this.isOpen) return;
    const connection = this.connection;
    this.#state = "closing";
    if (connection !== null) {
      let timer: NodeJS.Timeout | undefined;
      const grace = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([connection.drain(), grace]);
      clearTimeout(timer);
    }
    this.destroy();
  }

  /** Closes at once. What is unanswered is rejected with `CLOSED_CLIENT`. */
  destroy(): void {
    if (this.isOpen) this.#end();
  }

  async #open(connectTimeout: number): Promise<void> {
    const { connection, adopt } = await this.#make(connectTimeout);
    this.#connection = connection;
    try {
      await this.#options.prepare?.(connection);
    } catch (error) {
      this.#connection = null;
      connection.destroy(error as RedoubtError);
      throw error;
    }
    if (this.#life.signal.aborted) throw closedError();
    adopt();
  }

  /** Dials. `adopt` makes the connection, once it is prepared, that of the link. */
  async #make(connectTimeout: number): Promise<{ connection: Connection; adopt: () => void }> {
    const { dial, commandTimeout, socketTimeout, limits, onPush, recover } = this.#options;
    const { signal } = this.#life;
    const dialled = await dial({ connectTimeout, signal });
    if (signal.aborted) {
      dialled.close();
      throw closedError();
    }
    let prepared = false;
    const connection: Connection = new Connection(dialled, {
      commandTimeout,
      socketTimeout,
      limits: { ...defaultLimits, ...limits },
      onClose: (error) => {
        stopBeating();
        stopLogin();
        this.#lost(connection, error);
      },
      ...(onPush !== undefined && { onPush: (values) => this.#hear(connection, values, onPush) }),
      recover: (setback) => recover?.(setback) ?? (prepared ? this.#retry.recover(setback) : null),
    });
    const stopBeating = keepBeating(connection, this.#options.pingInterval ?? defaultPingInterval);
    const stopLogin = stayLoggedIn(connection, dialled.login, {
      onError: (error) => this.#options.onError?.(error),
      replace: (because) => void this.#replace(connection, because, 0),
    });
    const adopt = (): void => {
      prepared = true;
      this.#connection = connection;
      this.#openSince = performance.now();
      this.#state = "ready";
      this.#server = endpointText(dialled.report.endpoint);
      this.#tell("ready", null, 1);
      this.#queue?.flush((command, mode, timeout) => connection.send(command, mode, timeout));
      this.#options.onReady?.();
    };
    return { connection, adopt };
  }

  #hear(connection: Connection, values: unknown[], onPush: (values: unknown[]) => void): void {
    if (this.#handover !== null) this.#handover.take(connection, values);
    // A connection that is being replaced still tells, until the next one does.
    else if ((this.#connection ?? connection) === connection) onPush(values);
  }

  /** Replaces a connection that has subscribed, which goes on until the next one has subscribed as well. */
  async #replace(old: Connection, because: RedoubtError, attempt: number): Promise<void> {
    if (this.#connection !== old || this.#state !== "ready") return;
    const handover = new Handover(old, (values) => this.#options.onPush?.(values));
    this.#handover = handover;
    try {
      const { connection, adopt } = await this.#make(this.#options.connectTimeout);
      await handover.to(connection, () => this.#options.prepare?.(connection));
      if (this.state === "closing" || this.state === "closed") throw closedError();
      this.#handover = null;
      if (this.#connection === old) this.#tell("closed", null, -1);
      adopt();
      await old.drain();
      old.destroy(because);
    } catch (error) {
      handover.abandon(error as RedoubtError);
      this.#handover = null;
      if (this.#life.signal.aborted) return;
      this.#failed("failed", error as RedoubtError);
      if (this.state === "reconnecting") return this.#reopen(error as RedoubtError);
      const delay = this.#delay(attempt, error as RedoubtError);
      if (delay === null) return;
      await this.#wait(delay);
      await this.#replace(old, because, attempt + 1);
    }
  }

  #repeater(): Repeater {
    return {
      execute: (command, terms) => this.execute(command, terms),
      enqueue: (command, { mode, timeout }) =>
        this.isOpen ? (this.#queue?.add(command, mode, timeout) ?? null) : null,
      wait: (ms) => this.#wait(ms),
      renew: (because) => {
        // A connection that was just made leads to where the name leads: only time can help.
        if (performance.now() - this.#openSince >= renewPause) this.renew(because, replaceGrace);
      },
    };
  }

  #lost(connection: Connection, error: RedoubtError): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    if (this.#state !== "ready") return;
    this.#state = "reconnecting";
    this.#failed("lost", error);
    // Else the next connection is on its way.
    if (this.#handover === null) void this.#reopen(error);
  }

  async #reopen(first: RedoubtError): Promise<void> {
    const { signal } = this.#life;
    let cause = first;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const delay = this.#delay(attempt, cause);
      if (delay === null) return this.#end(cause);
      this.#options.onReconnecting?.();
      await this.#wait(delay);
      if (signal.aborted) return;
      try {
        return await this.#open(this.#options.connectTimeout);
      } catch (error) {
        cause = error as RedoubtError;
        if (signal.aborted) return;
        this.#failed("failed", cause);
        // Waiting does not cure a wrong password or certificate: tell the waiting commands now, and go on looking.
        if (!cause.transient) this.#rejectQueue(cause);
      }
    }
  }

  /** Milliseconds until the next attempt; null: give up. */
  #delay(attempt: number, cause: RedoubtError): number | null {
    const delay = this.#options.reconnect(attempt, cause);
    return typeof delay === "number" ? Math.max(0, delay) : null;
  }

  #wait(ms: number): Promise<void> {
    const { signal } = this.#life;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    });
  }

  #executeLater<Reply>(command: Command<Reply>, { mode, timeout, signal }: Terms): Promise<Reply> {
    const { name } = command.spec;
    const refuse = (code: "CLOSED_NOT_CONNECTED" | "CLOSED_CLIENT", why: string): Promise<Reply> =>
      Promise.reject(new RedoubtError(code, `${name} was not sent: ${why}`, { command: name }));
    if (this.#state === "new") return refuse("CLOSED_NOT_CONNECTED", "connect() has not been called");
    if (this.#state === "closing" || this.#state === "closed")
      return refuse("CLOSED_CLIENT", "the client was closed");
    if (this.#queue === null)
      return refuse("CLOSED_NOT_CONNECTED", "there is no connection, and the offline queue is off");
    return this.#queue.add(command, mode, timeout, signal);
  }

  #rejectQueue(error: RedoubtError): void {
    this.#queue?.rejectAll((command) => error.alsoWith({ command }));
  }

  #end(because: RedoubtError = closedError()): void {
    const held = this.connection !== null;
    this.#state = "closed";
    this.#life.abort(because);
    const connection = this.#connection;
    this.#connection = null;
    connection?.destroy(because);
    this.#handover?.abandon(because);
    this.#rejectQueue(because);
    this.#tell("closed", because.code === "CLOSED_CLIENT" ? null : because, held ? -1 : 0);
    this.#options.onEnd?.();
  }

  #failed(event: "lost" | "failed", error: RedoubtError): void {
    this.#tell(event, error, event === "lost" ? -1 : 0);
    this.#options.onError?.(error);
  }

  #tell(event: ConnectionNews["event"], error: RedoubtError | null, change: ConnectionNews["change"]): void {
    if (!connectionChannel.hasSubscribers) return;
    const server = this.#server ?? error?.address ?? null;
    connectionChannel.publish({ event, server, change, error } satisfies ConnectionNews);
  }
}

function newLife(): AbortController {
  const life = new AbortController();
  // Any number of commands may wait before they are sent again.
  setMaxListeners(0, life.signal);
  return life;
}

function replyErrorAsValue(error: unknown): unknown {
  if (error instanceof ReplyError) return error;
  throw error;
}

function closedError(): RedoubtError {
  return new RedoubtError("CLOSED_CLIENT", "The client was closed");
}

import type { Command } from "../commands/command.ts";
import type { Endpoint } from "../config/target.ts";
import { RedoubtError, ReplyError } from "../errors.ts";
import { Connection } from "../net/connection.ts";
import type { Dialled } from "../net/dial.ts";
import { asStrings } from "../protocol/reply.ts";
import { addressOf } from "./address-map.ts";
import type { RouteOptions } from "./route.ts";
import * as query from "./sentinel-query.ts";

/** From call to reply of a question, ms. A Sentinel answers from memory. */
const answerTimeout = 1000;
/** How long a Sentinel may be silent while answers are due before it is dialled again, ms. */
const silence = 2000;
/** First and longest pause before a lost Sentinel is dialled again, ms. */
const firstPause = 100;
const longestPause = 5000;

/** Events of a Sentinel that tell of a change; names from the Sentinel's documentation, "Pub/Sub messages". */
const channels = [
  "+switch-master",
  "+promoted-slave",
  "+slave",
  "+sdown",
  "-sdown",
  "+odown",
  "-odown",
  "+sentinel",
  "+reboot",
] as const;

/** Name of an event of a Sentinel. */
export type Channel = (typeof channels)[number];

/** What one Sentinel says about the master. */
export interface View {
  /** As announced; null when it does not know the name. */
  readonly master: Endpoint | null;
  /** Its configuration epoch: of two views the higher is the newer. */
  readonly epoch: number;
}

export interface PeerOptions {
  /** Where it is dialled. */
  readonly endpoint: Endpoint;
  readonly masterName: string;
  readonly dial: (endpoint: Endpoint, options: RouteOptions) => Promise<Dialled>;
  /** ms */
  readonly connectTimeout: number;
  readonly onEvent: (peer: SentinelPeer, channel: Channel, message: string) => void;
  /** It is connected and listened to. */
  readonly onUp: (peer: SentinelPeer) => void;
  /** It could not be connected, or was lost. Another attempt follows by itself. */
  readonly onDown: (peer: SentinelPeer, error: RedoubtError) => void;
}

/** RESP3 listens and asks on one connection; RESP2 forbids asking where one listens, and takes two. */
interface Lines {
  readonly asking: Connection;
  readonly ear: Connection;
}

/** One Sentinel: asked when somebody wants to know, and listened to meanwhile. Dialled again for as long as it is wanted. */
export class SentinelPeer {
  readonly endpoint: Endpoint;
  /** Its identity, known once it was reached; empty where it does not tell. */
  runId = "";
  readonly #options: PeerOptions;
  readonly #life = new AbortController();
  #lines: Lines | null = null;
  #opening: Promise<Lines> | null = null;
  #again: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(options: PeerOptions) {
    this.endpoint = options.endpoint;
    this.#options = options;
  }

  /** `host:port` as dialled. */
  get address(): string {
    return addressOf(this.endpoint);
  }

  get isUp(): boolean {
    return this.#lines !== null;
  }

  /** Begins to listen. */
  start(): void {
    // Failures are told by onDown.
    this.#open().catch(() => {});
  }

  /** Ends it; what was asked is rejected. */
  stop(): void {
    const closed = new RedoubtError("CLOSED_CLIENT", "The client was closed");
    clearTimeout(this.#again);
    this.#life.abort(closed);
    this.#hangUp(closed);
  }

  /** Asks for the master. */
  async ask(): Promise<View> {
    const { asking } = await this.#open();
    const { masterName } = this.#options;
    const [master, epoch] = await Promise.all([
      asking.send(query.masterAddress(masterName), asStrings),
      // It refuses the question for a name that it does not know; the answer above says that better.
      asking.send(query.masterEpoch(masterName), asStrings).catch((error: RedoubtError) => {
        if (error.code.startsWith("REPLY_")) return 0;
        throw error;
      }),
    ]);
    return { master, epoch };
  }

  /** Asks for something else. */
  async query<Reply>(command: Command<Reply>): Promise<Reply> {
    const { asking } = await this.#open();
    return asking.send(command, asStrings);
  }

  #open(): Promise<Lines> {
    if (this.#lines !== null) return Promise.resolve(this.#lines);
    clearTimeout(this.#again);
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #connect(): Promise<Lines> {
    const opened: Connection[] = [];
    const open = async (): Promise<Connection> => {
      const connection = await this.#dial();
      opened.push(connection);
      return connection;
    };
    try {
      const asking = await open();
      const ear = asking.report.protocol === 3 ? asking : await open();
      this.runId = await this.#introduce(asking);
      await ear.sendSubscription(query.listen(channels), channels.length);
      this.#life.signal.throwIfAborted();
      this.#lines = { asking, ear };
      this.#failures = 0;
      this.#options.onUp(this);
      return this.#lines;
    } catch (error) {
      for (const connection of opened) connection.destroy(error as RedoubtError);
      this.#failed(error as RedoubtError);
      throw error;
    }
  }

  /** Asks who it is. Redis before 6.2 has no word for that. */
  async #introduce(asking: Connection): Promise<string> {
    try {
      return await asking.send(query.myId(), asStrings);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      const { mode } = asking.report.server;
      const isOther = mode === null ? /unknown command/i.test(error.message) : mode !== "sentinel";
      if (isOther) throw notSentinel(this.address);
      return "";
    }
  }

  async #dial(): Promise<Connection> {
    const { dial, connectTimeout } = this.#options;
    const dialled = await dial(this.endpoint, { connectTimeout, signal: this.#life.signal });
    const connection: Connection = new Connection(dialled, {
      commandTimeout: answerTimeout,
      socketTimeout: silence,
      onClose: (error) => this.#lost(connection, error),
      onPush: (values) => this.#heard(values),
    });
    return connection;
  }

  #heard([kind, channel, message]: unknown[]): void {
    if (kind === "message") this.#options.onEvent(this, channel as Channel, String(message));
  }

  #lost(connection: Connection, error: RedoubtError): void {
    if (this.#lines?.asking !== connection && this.#lines?.ear !== connection) return;
    this.#hangUp(error);
    this.#failed(error);
  }

  #hangUp(error: RedoubtError): void {
    const lines = this.#lines;
    this.#lines = null;
    lines?.asking.destroy(error);
    lines?.ear.destroy(error);
  }

  #failed(error: RedoubtError): void {
    if (this.#life.signal.aborted) return;
    this.#options.onDown(this, error);
    const pause = Math.min(longestPause, firstPause * 2 ** Math.min(this.#failures++, 10));
    // Half of it at random, so that clients that lost a Sentinel together do not come back together.
    this.#again = setTimeout(() => this.start(), pause * (0.5 + Math.random() / 2)).unref();
  }
}

function notSentinel(address: string): RedoubtError {
  const message = `${address} is a data server, and a Sentinel was expected there`;
  return new RedoubtError("TOPOLOGY_NOT_SENTINEL", message, { address });
}

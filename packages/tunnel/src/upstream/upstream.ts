import { setMaxListeners } from "node:events";
import {
  type CredentialsProvider,
  type Dialled,
  type DialOptions,
  type DialReport,
  dial,
  RedoubtError,
  type Target,
  type TlsOptions,
} from "@redoubt/client";
import { commandOf } from "../resp/words.ts";
import { type Resolve, watchAddresses } from "./address-watch.ts";
import { Line, type LineKeeper } from "./line.ts";
import { keepUp, type UpkeepLimits, type UpkeepNews } from "./upkeep.ts";

/** The other side of a tunnel, and how it is reached. */
export interface UpstreamOptions {
  /** What a connection string means. */
  readonly target: Target;
  /** TLS settings besides those of the target. */
  readonly tls?: TlsOptions | undefined;
  /** Gives tokens or passwords that are renewed. Default: the target's user and password. */
  readonly credentials?: CredentialsProvider | undefined;
  /** All stages of connecting together, ms. Default: what the target says, else 5000. */
  readonly connectTimeout?: number | undefined;
  /** Names of which the certificate may carry any, best first. Default: what the target says. */
  readonly names?: readonly string[] | undefined;
  /** When silent lines are asked, and given up. */
  readonly limits?: Partial<UpkeepLimits> | undefined;
  /** How the name of the other side is looked up while lines are open, and how often, ms. Default: as the system does, 30,000. */
  readonly addresses?: { readonly resolve: Resolve; readonly interval: number } | undefined;
}

/** What a line begins with. */
export interface LineState {
  readonly protocol: 2 | 3;
  readonly database: number;
}

/** What is told about the lines of an upstream. */
export interface UpstreamNews extends UpkeepNews {
  /** @param line null for one that only carries bytes */
  readonly opened?: (line: Line | null) => void;
  readonly closed?: (line: Line, error: RedoubtError) => void;
  /** A line could not be opened. */
  readonly refused?: (error: RedoubtError) => void;
}

/** What the server said about itself. */
export interface Greeting {
  readonly product: string;
  readonly version: string;
  readonly mode: string;
  readonly role: string;
  /** Highest RESP version that it speaks. */
  readonly protocol: 2 | 3;
}

/** Opens lines to one Redis, and looks after them while they live. */
export class Upstream {
  readonly options: UpstreamOptions;
  readonly #news: UpstreamNews;
  readonly #open = new Set<Line>();
  readonly #ending = new AbortController();
  readonly #endWatch: () => void;
  #greeting: Greeting | null = null;

  constructor(options: UpstreamOptions, news: UpstreamNews) {
    this.options = options;
    this.#news = news;
    // Each connection that is being opened listens to it.
    setMaxListeners(0, this.#ending.signal);
    const { addresses, target } = options;
    // Sentinels tell by themselves who is master; of several endpoints the one that answers counts.
    const host = target.sentinel === null && target.endpoints.length === 1 ? this.host : "";
    this.#endWatch = watchAddresses(
      host,
      (found) => this.#moved(found),
      addresses?.resolve,
      addresses?.interval,
    );
  }

  /** The database that the connection string names. */
  get database(): number {
    return this.options.target.database ?? 0;
  }

  /** Where it is, as the connection string names it: `host:port`. */
  get name(): string {
    const [first] = this.options.target.endpoints;
    return first === undefined ? "" : (first.path ?? `${first.host}:${first.port}`);
  }

  /** The host of the endpoint that is dialled first. */
  get host(): string {
    return this.options.target.endpoints[0]?.host ?? "";
  }

  /** What the server said last about itself; null before the first connection. */
  get greeting(): Greeting | null {
    return this.#greeting;
  }

  /** Lines that are open. */
  get lines(): number {
    return this.#open.size;
  }

  /**
   * Opens a line.
   * @throws RedoubtError with the stage that failed
   */
  async open({ protocol, database }: LineState, onErrorReply?: LineKeeper["onErrorReply"]): Promise<Line> {
    const { target } = this.options;
    try {
      const dialled = await this.#dial(database);
      this.#noteGreeting(dialled.report);
      let end = (): void => {};
      const line = new Line(dialled, {
        ...(onErrorReply !== undefined && { onErrorReply }),
        onClose: (closed, error) => {
          end();
          this.#open.delete(closed);
          this.#news.closed?.(closed, error);
        },
      });
      this.#open.add(line);
      end = keepUp(line, target, this.#news, this.options.limits);
      if (line.protocol === 3 && protocol === 2) await speak(line, 2);
      this.#news.opened?.(line);
      return line;
    } catch (error) {
      this.#news.refused?.(error as RedoubtError);
      throw error;
    }
  }

  /** Ends all lines, and what is being opened. */
  close(): void {
    this.#endWatch();
    const error = new RedoubtError("CLOSED_CLIENT", "The tunnel was stopped");
    this.#ending.abort(error);
    for (const line of Array.from(this.#open)) line.close(error);
  }

  /** The name leads elsewhere: shared lines to where it led before get no new commands. */
  #moved(addresses: ReadonlySet<string>): void {
    for (const line of Array.from(this.#open)) {
      // What a client has for itself may hold something that cannot be taken along.
      if (line.unasked !== null || line.isPrivate || addresses.has(line.ip)) continue;
      line.retire();
    }
  }

  async #dial(database: number): Promise<Dialled> {
    const { target, tls, credentials, connectTimeout, names } = this.options;
    const options: DialOptions = {
      signal: this.#ending.signal,
      ...(tls !== undefined && { tls }),
      ...(credentials !== undefined && { credentials }),
      ...(connectTimeout !== undefined && { connectTimeout }),
    };
    const tried = names === undefined || !target.tls.enabled ? [target.tls.servername] : names;
    let first: unknown;
    for (const servername of tried) {
      try {
        return await dial({ ...target, database, tls: { ...target.tls, servername } }, options);
      } catch (error) {
        first ??= error;
        if (!(error instanceof RedoubtError) || error.code !== "TLS_NAME_MISMATCH") throw error;
      }
    }
    throw first;
  }

  #noteGreeting({ protocol, server }: DialReport): void {
    const { product, version, mode, role } = server;
    this.#greeting = {
      product: product ?? "redis",
      version: version ?? "6.0.0",
      mode: mode ?? "standalone",
      role: role ?? "master",
      protocol,
    };
  }
}

/**
 * Changes the protocol of a line. All begin with RESP3: only its greeting tells what the server is.
 * @throws RedoubtError when the server does not want to
 */
export async function speak(line: Line, protocol: 2 | 3): Promise<void> {
  const reply = await line.call(commandOf(["HELLO", String(protocol)]));
  if (reply[0] === 45) {
    const error = new RedoubtError("REPLY_ERROR", `${line.address} refused HELLO ${protocol}`, {
      address: line.address,
    });
    line.close(error);
    throw error;
  }
  line.protocol = protocol;
}

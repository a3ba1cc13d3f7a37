import type { Socket } from "node:net";
import { RedoubtError } from "@redoubt/client";
import { Gate, type LocalUsers } from "../access/gate.ts";
import { commandOf } from "../resp/words.ts";
import { Upstream, type UpstreamNews, type UpstreamOptions } from "../upstream/upstream.ts";
import type { ClusterView } from "./cluster-view.ts";
import { Service, type SessionEnd } from "./service.ts";
import { Session } from "./session.ts";

/** How a Redis-aware tunnel treats its clients. */
export interface RedisRoleOptions extends UpstreamOptions {
  /** Names and passwords of local users; null: whoever can connect is let in. Default null. */
  readonly users?: LocalUsers | null | undefined;
  /** Most TLS connections that clients share, for each protocol and database; 0: each has one of its own. Default 2. */
  readonly sharedLines?: number | undefined;
  /** How a cluster looks from here. Default: addresses in replies stay as they are. */
  readonly cluster?: ClusterView | null | undefined;
}

/** Why a client's connection is over. */
export interface Served {
  readonly reason: SessionEnd;
  readonly error: Error | null;
}

/** Serves local programs that speak Redis: logs in for them, and shares few connections among many of them. */
export class RedisRole {
  readonly upstream: Upstream;
  readonly #service: Service;
  readonly #sessions = new Map<Socket, Session>();
  #nextId = 1;

  constructor(options: RedisRoleOptions, news: UpstreamNews = {}) {
    this.upstream = new Upstream(options, news);
    this.#service = new Service({
      upstream: this.upstream,
      gate: options.users == null ? null : new Gate(options.users),
      sharedLines: options.sharedLines ?? 2,
      cluster: options.cluster ?? null,
    });
  }

  /** Where the other side is. */
  get name(): string {
    return this.upstream.name;
  }

  /** Connections to the other side that are open. */
  get lines(): number {
    return this.upstream.lines;
  }

  /** Clients that are connected. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /**
   * Serves one client.
   * @param socket accepted, with `allowHalfOpen`
   * @returns resolves with the reason when the connection has ended
   */
  serve(socket: Socket): Promise<Served> {
    return new Promise((resolve) => {
      const ended = (reason: SessionEnd, error: Error | null): void => {
        this.#sessions.delete(socket);
        resolve({ reason, error });
      };
      this.#sessions.set(socket, new Session(socket, this.#service, this.#nextId++, { ended }));
    });
  }

  /**
   * Connects to the other side once, logs in and says PING.
   * @throws RedoubtError with the stage that failed, or what the server answered
   */
  async check(): Promise<void> {
    const line = await this.#service.open({ protocol: 3, database: this.upstream.database });
    try {
      const reply = await line.call(commandOf(["PING"]));
      // A user who may not say PING is logged in nevertheless.
      if (reply[0] === 45 && !reply.toString("latin1").startsWith("-NOPERM"))
        throw new RedoubtError("REPLY_ERROR", `${line.address} answered PING with an error`);
    } finally {
      line.close();
    }
  }

  /**
   * Lets clients end what is under way, and closes everything.
   * @param timeout ms; then it is cut
   */
  async close(timeout: number): Promise<void> {
    const deadline = performance.now() + timeout;
    for (const session of this.#sessions.values()) session.drain();
    while (this.#sessions.size > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5));
    for (const session of this.#sessions.values()) session.destroy("stopped");
    this.#service.close();
  }
}

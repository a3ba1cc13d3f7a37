import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { RedoubtError } from "@redoubt/client";
import { type Pipe, pipe } from "../bytes/pipe.ts";
import type { ProxyEnd } from "../bytes/proxy/header.ts";
import { writeV1 } from "../bytes/proxy/v1.ts";
import { writeV2 } from "../bytes/proxy/v2.ts";
import type { Accepted } from "../listen/accepted.ts";
import { type Carrier, openCarrier } from "../upstream/carrier.ts";
import type { Backend } from "./backend.ts";
import type { BackendGroup } from "./backend-group.ts";
import { type Login, Logins } from "./logins.ts";
import { Subscriptions } from "./subscriptions.ts";

/** How a connection of a client went. */
export interface SessionEnd {
  readonly reason: string;
  readonly detail: string | null;
  readonly upstream: string | null;
}

/** What all connections of a terminator have in common. */
export interface SessionRules {
  readonly sendProxy: 1 | 2 | null;
  readonly connectTimeout: number | null;
  /** ms; 0 for none */
  readonly idleLimitOf: (backend: Backend) => number;
  readonly sparesSubscribers: boolean;
  /** See `TerminatorOptions.staysUntil`. */
  readonly staysUntil: ((login: Login) => number | null | undefined) | null;
  /** Hears how long reaching a backend took, ms. */
  readonly connected: (duration: number) => void;
}

/** How long reaching a backend may take when nobody says, ms. */
const defaultConnectTimeout = 5000;

/** One client's connection from being let in to its end. */
export class Session {
  readonly accepted: Accepted;
  readonly #rules: SessionRules;
  readonly #stop = new AbortController();
  #pipe: Pipe | null = null;
  #backend: Backend | null = null;
  #whyStopped: string | null = null;
  #stay: NodeJS.Timeout | undefined;

  constructor(accepted: Accepted, rules: SessionRules) {
    this.accepted = accepted;
    this.#rules = rules;
  }

  /** Bytes from the client. */
  get sent(): number {
    return this.#pipe?.sent ?? 0;
  }

  /** Bytes to the client. */
  get received(): number {
    return this.#pipe?.received ?? 0;
  }

  /** Where it goes, once that is known. */
  get backend(): Backend | null {
    return this.#backend;
  }

  /** Closes the connection in order. */
  stop(why: string): void {
    this.#whyStopped ??= why;
    this.#stop.abort();
  }

  /** Relays until the end. Never rejects. When no backend is reached, the client has not been told yet. */
  async run(group: BackendGroup): Promise<SessionEnd> {
    const { socket } = this.accepted;
    const failures: string[] = [];
    for (const backend of group.candidates) {
      const began = performance.now();
      let upstream: Carrier;
      try {
        upstream = await this.#open(backend);
      } catch (error) {
        failures.push((error as RedoubtError).message);
        continue;
      }
      this.#rules.connected(performance.now() - began);
      this.#backend = backend;
      return await this.#relay(socket, upstream, backend);
    }
    const detail = failures.length > 0 ? failures.join("; ") : (group.trouble ?? "no backend is up");
    return { reason: "no-backend", detail, upstream: null };
  }

  #open({ target, endpoint, tls }: Backend): Promise<Carrier> {
    const connectTimeout = this.#rules.connectTimeout ?? target.timeouts.connectMs ?? defaultConnectTimeout;
    return openCarrier(target, endpoint, {
      connectTimeout,
      header: this.#header(),
      ...(tls !== undefined && { tls }),
    });
  }

  #header(): Buffer | null {
    const { sendProxy } = this.#rules;
    if (sendProxy === null) return null;
    const { peer, local, tls } = this.accepted;
    const [source, destination] = [peer, local].map(({ address, port }): ProxyEnd | null =>
      address === "" ? null : { address, port },
    ) as [ProxyEnd | null, ProxyEnd | null];
    return sendProxy === 1 ? writeV1(source, destination) : writeV2(source, destination, tls?.servername);
  }

  async #relay(client: Socket, upstream: Carrier, backend: Backend): Promise<SessionEnd> {
    const { idleLimitOf, sparesSubscribers, staysUntil } = this.#rules;
    const subscriptions = sparesSubscribers ? new Subscriptions() : null;
    const logins = staysUntil === null ? null : new Logins((login) => this.#stayUntil(staysUntil(login)));
    const follows = subscriptions !== null || logins !== null;
    const follow = (chunk: Buffer): void => {
      subscriptions?.follow(chunk);
      logins?.follow(chunk);
    };
    this.#pipe = pipe(client, upstream.socket, {
      intake: upstream.intake,
      idleLimit: () => (subscriptions?.waits === true ? 0 : idleLimitOf(backend)),
      cuts: "end",
      signal: this.#stop.signal,
      ...(follows && { onSent: follow }),
    });
    const { reason, error } = await this.#pipe.ended;
    clearTimeout(this.#stay);
    return {
      reason: reason === "stopped" ? (this.#whyStopped ?? reason) : reason,
      detail: error?.code ?? error?.message ?? null,
      upstream: backend.text,
    };
  }

  /** @param time ms since 1970; null: no end; undefined: as before */
  #stayUntil(time: number | null | undefined): void {
    if (time === undefined) return;
    clearTimeout(this.#stay);
    if (time === null) return;
    const left = time - Date.now();
    this.#stay = setTimeout(
      () => (left > longestTimer ? this.#stayUntil(time) : this.stop("login-expired")),
      Math.min(Math.max(0, left), longestTimer),
    );
  }
}

/** The longest time that a timer holds, ms. */
const longestTimer = 0x7fffffff;

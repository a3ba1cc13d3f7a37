import type { Socket } from "node:net";
import type { Accepted } from "../listen/accepted.ts";
import { Listener } from "../listen/listener.ts";
import { endText, type Peer } from "../listen/peer.ts";
import type { AccessLog } from "../observe/access-log.ts";
import { ConnectionMetrics } from "../observe/connection-metrics.ts";
import type { Metrics } from "../observe/metrics.ts";

/** Serves connections. */
export interface Role {
  /** Where the other side is. */
  readonly name: string;
  /** Clients that are connected. */
  readonly sessions: number;
  /** Connections to the other side that are open. */
  readonly lines: number;
  /** Resolves with the reason when the connection has ended. */
  serve(socket: Socket): Promise<{ readonly reason: string; readonly error: Error | null }>;
  /** @throws RedoubtError when the other side does not work */
  check(): Promise<void>;
  /** @param timeout how long what is under way may take, ms */
  close(timeout: number): Promise<void>;
}

/** Where local programs come in, and what is noted of them. */
export interface EntranceOptions {
  /** See `parseListenAddress`. */
  readonly at: string;
  readonly exposed: boolean;
  readonly metrics: Metrics;
  /** Null: nothing is written. */
  readonly accessLog: AccessLog | null;
  /** Who serves them at the moment; null: nobody yet, they are sent away. */
  readonly role: () => Role | null;
}

/** What is known of a connection that is over, or was not let in. */
interface Visit {
  readonly peer: Peer;
  readonly reason: string;
  readonly detail: string | null;
  readonly upstream: string | null;
  readonly sent: number;
  readonly received: number;
  readonly duration: number;
}

/** A listener whose connections are served by a Redis role, counted and logged. */
export class Entrance {
  readonly #listener: Listener;
  readonly #options: EntranceOptions;
  readonly #counters: ConnectionMetrics;

  private constructor(listener: Listener, options: EntranceOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#counters = new ConnectionMetrics(options.metrics, listener.text);
  }

  /** @throws RedoubtError as `Listener.open` */
  static async open(options: EntranceOptions): Promise<Entrance> {
    const { at, exposed } = options;
    let entrance: Entrance | null = null;
    const listener = await Listener.open({
      at,
      exposed,
      serve: (accepted) => void entrance?.serve(accepted),
      watcher: {
        refused: (peer, reason, detail) => entrance?.refused(peer, reason, detail),
      },
    });
    entrance = new Entrance(listener, options);
    return entrance;
  }

  /** `127.0.0.1:6379` or the path. */
  get text(): string {
    return this.#listener.text;
  }

  /** 0 for a Unix socket. */
  get port(): number {
    const { address } = this.#listener;
    return "port" in address ? address.port : 0;
  }

  /** Takes no more connections. */
  close(): Promise<void> {
    return this.#listener.close();
  }

  /** Ends what is still open. */
  destroy(): void {
    this.#listener.destroy();
  }

  async serve({ socket, peer }: Accepted): Promise<void> {
    const role = this.#options.role();
    if (role === null) {
      socket.destroy();
      return;
    }
    const began = performance.now();
    const live = {
      get sent() {
        return socket.bytesRead;
      },
      get received() {
        return socket.bytesWritten;
      },
    };
    this.#counters.opened(live);
    const { reason, error } = await role.serve(socket);
    const duration = performance.now() - began;
    this.#counters.closed(live, reason, duration / 1000);
    const detail = error === null ? null : error.message;
    const { sent, received } = live;
    this.#write({ peer, reason, detail, upstream: role.name, sent, received, duration });
  }

  refused(peer: Peer, reason: string, detail: string): void {
    this.#counters.refused(reason);
    const said = detail === "" ? null : detail;
    this.#write({ peer, reason, detail: said, upstream: null, sent: 0, received: 0, duration: 0 });
  }

  #write(visit: Visit): void {
    const { peer } = visit;
    this.#options.accessLog?.write({
      ...visit,
      listener: this.text,
      peer: endText(peer),
      via: peer.via === null ? null : endText(peer.via),
      servername: null,
      protocol: null,
      certificate: null,
    });
  }
}

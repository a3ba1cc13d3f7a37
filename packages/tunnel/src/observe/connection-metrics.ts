import type { Counter, Histogram, Metrics } from "./metrics.ts";

/** A connection while it lives, as far as its bytes are counted: read when somebody asks, so that counting costs nothing. */
export interface LiveBytes {
  /** Bytes from the client. */
  readonly sent: number;
  /** Bytes to the client. */
  readonly received: number;
}

/** Upper bounds of times of handshakes and connects, seconds. */
const shortTimes = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Upper bounds of the life of a connection, seconds: up to a day. */
const longTimes = [0.01, 0.1, 1, 10, 60, 600, 3600, 14_400, 43_200, 86_400];

/** What every role counts of the connections of one listener. */
export class ConnectionMetrics {
  readonly #metrics: Metrics;
  readonly #labels: { readonly listener: string };
  readonly #live = new Set<LiveBytes>();
  readonly #accepted: Counter;
  readonly #handshake: Histogram;
  readonly #connect: Histogram;
  readonly #life: Histogram;
  readonly #resumed: Counter;
  readonly #full: Counter;
  #sent = 0;
  #received = 0;

  /** @param listener names it in the labels: its address, or a name that the configuration gives */
  constructor(metrics: Metrics, listener: string) {
    const labels = { listener };
    this.#metrics = metrics;
    this.#labels = labels;
    const prefix = "redoubt_tunnel";
    this.#accepted = metrics.counter(`${prefix}_connections_total`, "Connections that were let in.", labels);
    metrics.gauge(`${prefix}_connections_open`, "Connections that are open.", () => this.#live.size, labels);
    this.#full = metrics.counter(`${prefix}_handshakes_total`, "TLS handshakes that succeeded.", {
      ...labels,
      resumed: "no",
    });
    this.#resumed = metrics.counter(`${prefix}_handshakes_total`, "TLS handshakes that succeeded.", {
      ...labels,
      resumed: "yes",
    });
    this.#handshake = metrics.histogram(
      `${prefix}_handshake_seconds`,
      "How long TLS handshakes of clients took.",
      shortTimes,
      labels,
    );
    this.#connect = metrics.histogram(
      `${prefix}_upstream_connect_seconds`,
      "How long it took to reach the other side.",
      shortTimes,
      labels,
    );
    this.#life = metrics.histogram(
      `${prefix}_connection_seconds`,
      "How long connections that are over were open.",
      longTimes,
      labels,
    );
    const sum = (side: keyof LiveBytes, ended: () => number) => (): number => {
      let bytes = ended();
      for (const live of this.#live) bytes += live[side];
      return bytes;
    };
    metrics.counted(
      `${prefix}_client_bytes_total`,
      "Bytes that clients sent.",
      sum("sent", () => this.#sent),
      labels,
    );
    metrics.counted(
      `${prefix}_upstream_bytes_total`,
      "Bytes that clients were sent.",
      sum("received", () => this.#received),
      labels,
    );
  }

  /** A connection was let in. */
  opened(live: LiveBytes): void {
    this.#accepted.add();
    this.#live.add(live);
  }

  /** A connection that was let in is over. @param seconds how long it was open */
  closed(live: LiveBytes, reason: string, seconds: number): void {
    if (!this.#live.delete(live)) return;
    this.#sent += live.sent;
    this.#received += live.received;
    this.#life.observe(seconds);
    this.#metrics
      .counter("redoubt_tunnel_connections_closed_total", "Connections that are over, by why.", {
        ...this.#labels,
        reason,
      })
      .add();
  }

  /** A connection was not let in. */
  refused(reason: string): void {
    this.#metrics
      .counter("redoubt_tunnel_connections_refused_total", "Connections that were not let in, by why.", {
        ...this.#labels,
        reason,
      })
      .add();
  }

  /** A client's handshake has succeeded. */
  secured(seconds: number, resumed: boolean): void {
    (resumed ? this.#resumed : this.#full).add();
    this.#handshake.observe(seconds);
  }

  /** The other side was reached for a connection. */
  connected(seconds: number): void {
    this.#connect.observe(seconds);
  }
}

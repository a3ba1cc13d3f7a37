import type { RedoubtError } from "@redoubt/client";
import type { Gate } from "../access/gate.ts";
import type { Line } from "../upstream/line.ts";
import { SharedLines } from "../upstream/shared-lines.ts";
import { SpareLines } from "../upstream/spare-lines.ts";
import type { Taker } from "../upstream/turns.ts";
import type { LineState, Upstream } from "../upstream/upstream.ts";
import type { ClusterView } from "./cluster-view.ts";

/** What one Redis-aware tunnel does for all its clients. */
export interface ServiceOptions {
  readonly upstream: Upstream;
  /** Who is let in; null: everybody who can connect. */
  readonly gate: Gate | null;
  /** Most shared lines for each protocol and database; 0: each client has a line of its own. */
  readonly sharedLines: number;
  readonly cluster: ClusterView | null;
}

/** Lines of one protocol and database. */
export interface LineGroup {
  readonly shared: SharedLines;
  readonly spare: SpareLines;
}

/** A younger line is not given up because its server is a replica, ms: a target that is one on purpose stays usable. */
const readOnlyPause = 1000;

/** The lines of one Redis, as clients need them. */
export class Service {
  readonly upstream: Upstream;
  readonly gate: Gate | null;
  readonly multiplexes: boolean;
  /** The cluster that it is part of, if it is one; null: addresses are left as they are. */
  readonly cluster: ClusterView | null;
  readonly #most: number;
  /** By protocol and database as one number: it is asked for with every batch of commands. */
  readonly #groups = new Map<number, LineGroup>();

  constructor({ upstream, gate, sharedLines, cluster }: ServiceOptions) {
    this.cluster = cluster;
    this.upstream = upstream;
    this.gate = gate;
    this.multiplexes = sharedLines > 0;
    this.#most = Math.max(1, sharedLines);
  }

  group({ protocol, database }: LineState): LineGroup {
    // Not what was given is kept: it may be a client, who says HELLO or SELECT later on.
    const key = database * 4 + protocol;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group: LineGroup = {
      shared: new SharedLines(() => this.open({ protocol, database }), this.#most),
      spare: new SpareLines(),
    };
    this.#groups.set(key, group);
    return group;
  }

  /** @throws RedoubtError */
  async open(state: LineState): Promise<Line> {
    const line = await this.upstream.open(state, this.#onErrorReply);
    if (this.cluster !== null && this.upstream.greeting?.mode === "cluster")
      await this.cluster.prepare(line, this.upstream.host);
    return line;
  }

  close(): void {
    for (const { spare } of this.#groups.values()) spare.close();
    this.upstream.close();
  }

  readonly #onErrorReply = (line: Line, reply: Buffer, taker: Taker): Buffer => {
    // The name leads to another server now, or will: nothing new is sent to this one.
    if (reply.toString("latin1", 1, 10) === "READONLY " && performance.now() - line.openedAt > readOnlyPause)
      line.isRetired = true;
    return this.cluster?.redirect(reply, this.upstream.host, taker.toldHost ?? "127.0.0.1") ?? reply;
  };
}

/** Why a connection of a client ended. */
export type SessionEnd =
  | "client-closed"
  | "client-reset"
  | "quit"
  | "protocol-error"
  /** A fault of Redoubt itself. */
  | "tunnel-failed"
  | "refused"
  | "slow-reader"
  | "server-lost"
  | "stopped";

/** What is told of a session. */
export interface SessionNews {
  readonly ended: (reason: SessionEnd, error: RedoubtError | Error | null) => void;
}

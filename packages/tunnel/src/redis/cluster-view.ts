import { isIP } from "node:net";
import type { Endpoint } from "@redoubt/client";
import { commandOf } from "../resp/words.ts";
import type { Line } from "../upstream/line.ts";
import { type AnnouncedNode, type LocalNode, localised, localisedRedirection } from "./cluster-replies.ts";

/** How many listeners wait for nodes that appear in the middle of things. */
const spares = 2;

const SLOTS = commandOf(["CLUSTER", "SLOTS"]);

/** A listener that leads to a node, or will. */
export interface NodeListener {
  readonly port: number;
  /** Says where its connections go from now on. */
  lead(to: Endpoint, hostname: string | null): void;
}

/** What a view needs of its tunnel. */
export interface ClusterViewOptions {
  /** Opens a listener that leads nowhere yet. */
  readonly open: () => Promise<NodeListener>;
  /** Told when a node has appeared. */
  readonly appeared?: (node: Endpoint, port: number) => void;
}

/**
 * A cluster as local programs see it: each node has a listener of its own, opened as the node appears, and every reply that
 * tells an address tells that of the listener.
 */
export class ClusterView {
  readonly #options: ClusterViewOptions;
  readonly #nodes = new Map<string, NodeListener>();
  #spare: NodeListener[] = [];
  #isRefilling = false;
  #prepared: Promise<void> | null = null;
  #isActive = false;

  constructor(options: ClusterViewOptions) {
    this.#options = options;
  }

  /** Whether the other side is a cluster. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Learns the nodes from one of them, once. @param host where that one was dialled */
  prepare(line: Line, host: string): Promise<void> {
    this.#isActive = true;
    this.#prepared ??= this.#learn(line, host).catch(() => {
      // Who may not ask for the slots still learns of nodes by being sent to them.
      this.#prepared = null;
    });
    return this.#prepared;
  }

  /** A reply to CLUSTER in local addresses; nodes that it names for the first time are given listeners. */
  async localise(sub: string, reply: Buffer, dialled: string, told: string): Promise<Buffer> {
    const found: AnnouncedNode[] = [];
    localised(sub, reply, (node) => {
      found.push(node);
      return null;
    });
    await this.#ensure(found, dialled);
    return localised(sub, reply, (node) => this.#place(node, dialled, told));
  }

  /** A redirection in local addresses; other errors stay as they are. */
  redirect(reply: Buffer, dialled: string, told: string): Buffer {
    return localisedRedirection(reply, (node) => {
      this.#isActive = true;
      return this.#place(node, dialled, told);
    });
  }

  async #learn(line: Line, host: string): Promise<void> {
    await this.#refill();
    const reply = await line.call(SLOTS);
    await this.localise("SLOTS", reply, host, "");
  }

  async #ensure(found: readonly AnnouncedNode[], dialled: string): Promise<void> {
    for (const node of found) {
      const endpoint = endpointOf(node, dialled);
      if (endpoint === null || this.#nodes.has(keyOf(endpoint))) continue;
      const listener = this.#spare.pop() ?? (await this.#options.open());
      // Somebody else may have learnt of it meanwhile.
      if (this.#nodes.has(keyOf(endpoint))) this.#spare.push(listener);
      else this.#lead(listener, endpoint, node.hostname);
    }
    void this.#refill();
  }

  #place(node: AnnouncedNode, dialled: string, told: string): LocalNode | null {
    const endpoint = endpointOf(node, dialled);
    if (endpoint === null) return null;
    let listener = this.#nodes.get(keyOf(endpoint));
    if (listener === undefined) {
      listener = this.#spare.pop();
      void this.#refill();
      if (listener === undefined) return null;
      this.#lead(listener, endpoint, node.hostname);
    }
    return { host: told, port: listener.port };
  }

  #lead(listener: NodeListener, endpoint: Endpoint, hostname: string | null): void {
    this.#nodes.set(keyOf(endpoint), listener);
    listener.lead(endpoint, hostname);
    this.#options.appeared?.(endpoint, listener.port);
  }

  async #refill(): Promise<void> {
    if (this.#isRefilling) return;
    this.#isRefilling = true;
    try {
      while (this.#spare.length < spares) this.#spare.push(await this.#options.open());
    } catch {
      // No port is free, or the tunnel is being closed: nodes that appear keep their addresses.
    } finally {
      this.#isRefilling = false;
    }
  }
}

function endpointOf({ host, port }: AnnouncedNode, dialled: string): Endpoint | null {
  if (!(port > 0)) return null;
  return { host: host === "" ? dialled : host, port };
}

function keyOf({ host, port }: Endpoint): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

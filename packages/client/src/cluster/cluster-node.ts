import { inspect } from "node:util";
import type { ClientSideCache } from "../cache/client-side-cache.ts";
import { BlockingLane, idleBlockingConnection } from "../client/blocking.ts";
import { type CommandMethods, CommandSurface } from "../client/command-methods.ts";
import { Link, type LinkEvents } from "../client/link.ts";
import type { Terms } from "../client/terms.ts";
import { Tracking } from "../client/tracking.ts";
import type { Command } from "../commands/command.ts";
import { raw } from "../commands/raw.ts";
import type { Endpoint } from "../config/target.ts";
import { addressOf, reach } from "../discovery/address-map.ts";
import { RedoubtError } from "../errors.ts";
import type { Connection, Setback } from "../net/connection.ts";
import { type Dialled, dialEndpoint } from "../net/dial.ts";
import type { DialReport } from "../net/report.ts";
import { answeredOnce } from "../net/setback.ts";
import { asStrings } from "../protocol/reply.ts";
import { verifiableNames } from "./names.ts";
import type { ClusterSettings } from "./options.ts";

/** What the nodes of a cluster ask and tell their cluster. */
export interface NodeOwner {
  readonly settings: ClusterSettings;
  /** What a command is carried out under when nothing else is said. */
  readonly terms: Terms;
  /** Forgets what nodes say has changed. */
  readonly cache: ClientSideCache | null;
  /** The name under which the seed was verified. */
  readonly seedName: string;
  recover(setback: Setback, node: ClusterNode): Promise<unknown> | null;
  /** Whether a node that is connected now says what has changed. */
  told(node: ClusterNode, tells: boolean): void;
  onReady(node: ClusterNode): void;
  onError(node: ClusterNode, error: RedoubtError): void;
}

/** How long commands in flight may still be answered by a node that has left, ms. */
const farewell = 5000;

/** How long a command without a deadline waits for a node that it was sent on to by `ASK`, ms. */
const askingPatience = 5000;

/** Commands as methods, sent to this very node. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- CommandSurface defines these very methods
export interface ClusterNode extends CommandMethods {}

/** A node of a cluster, and the connection to it, which is opened when it is first needed. */
export class ClusterNode extends CommandSurface {
  /** As the cluster announces it, `host:port`. */
  readonly address: string;
  /** The cluster's own name for it; empty while it is not known. */
  id = "";
  /** Whether it is a replica at the moment. */
  isReplica = false;
  readonly #owner: NodeOwner;
  readonly #endpoint: Endpoint;
  /** The name to verify by the address map, else null. */
  readonly #mapped: string | null;
  readonly #link: Link;
  readonly #lane: BlockingLane;
  #hostname: string | null = null;
  /** The name that it has proved. */
  #proved: string | null = null;
  #opening: Promise<void> | null = null;
  #retired = false;
  #waiters: ((connection: Connection) => void)[] = [];

  /** @throws RedoubtError `CONFIG_INVALID_VALUE` when the address map gives nonsense */
  constructor(announced: Endpoint, owner: NodeOwner) {
    super();
    this.address = addressOf(announced);
    this.#owner = owner;
    const { endpoint, servername } = reach(announced, owner.settings.addressMap);
    this.#endpoint = endpoint;
    this.#mapped = servername;
    const { node } = owner.settings;
    const tracking = owner.cache && new Tracking(owner.cache, (error) => owner.onError(this, error));
    this.#link = this.#newLink({
      ...(tracking !== null && {
        prepare: (connection) => this.#prepare(connection, tracking),
        onPush: (values) => tracking.onPush(values),
      }),
      onReady: () => this.#ready(),
      onError: (error) => {
        if (this.#link.connection === null) tracking?.lost();
        owner.onError(this, error);
      },
      onEnd: () => {
        tracking?.lost();
        this.#lane.end();
      },
    });
    this.#lane = new BlockingLane({
      main: this.#link,
      others: this.#link,
      link: (events) => this.#newLink(events),
      max: node.maxBlockingConnections,
      idleMs: idleBlockingConnection,
      // Whoever is primary now is told by redirections.
      follows: false,
    });
  }

  /** Where it is dialled. */
  get host(): string {
    return this.#endpoint.host;
  }

  /** Where it is dialled. */
  get port(): number {
    return this.#endpoint.port;
  }

  /** Whether a connection is there. */
  get isReady(): boolean {
    return this.#link.connection !== null;
  }

  /** Whether it was needed and its connection is away. */
  get isAway(): boolean {
    return this.#link.connection === null && this.#link.state !== "new";
  }

  /** What its connection showed: stages, certificate, server; null while there is none. */
  get report(): DialReport | null {
    return this.#link.connection?.report ?? null;
  }

  /** @internal The host name that the cluster announces for it. */
  set hostname(name: string | null) {
    this.#hostname = name;
  }

  /**
   * Connects, if that has not been done.
   * @throws RedoubtError naming the stage that failed
   */
  open(): Promise<void> {
    if (this.#retired) return Promise.reject(new RedoubtError("CLOSED_CLIENT", "The cluster was closed"));
    const { state } = this.#link;
    if (state !== "new" && state !== "closed") return this.#opening ?? Promise.resolve();
    this.#opening = this.#link.connect().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  execute<Reply>(command: Command<Reply>): Promise<Reply> {
    return this.executeWith(command, this.#owner.terms);
  }

  /** @internal */
  executeWith<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    if (this.#link.connection === null && !this.#retired) {
      this.open().catch((error: RedoubtError) => this.#owner.onError(this, error));
    }
    return this.#lane.execute(command, terms);
  }

  /** @internal Sends a command right after `ASKING`, which lets a node serve a slot that is still on its way to it. */
  async executeAsking<Reply>(command: Command<Reply>, { mode, timeout }: Terms): Promise<Reply> {
    const connection = this.#link.connection ?? (await this.#connection(timeout || askingPatience));
    connection.send(asking, asStrings | answeredOnce).catch(() => {});
    return connection.send(command, mode, timeout);
  }

  /** @internal Hands commands that wait for the connection to somebody else. */
  handOver(...how: Parameters<Link["handOver"]>): void {
    this.#link.handOver(...how);
  }

  /** @internal A connection besides its own one. The name that it proves is remembered. */
  async dial(options: { connectTimeout: number; signal?: AbortSignal }): Promise<Dialled> {
    const { settings, seedName } = this.#owner;
    const { target, dial } = settings.node;
    const { provider } = target;
    const known = { endpoint: this.#endpoint, mapped: this.#mapped, hostname: this.#hostname };
    const names = target.tls.enabled
      ? settings.servername !== null && this.#mapped === null
        ? [settings.servername]
        : verifiableNames({ ...known, seed: seedName, provider })
      : [seedName];
    const ordered = [...new Set([this.#proved ?? (names[0] as string), ...names])];
    let first: RedoubtError | null = null;
    for (const name of ordered) {
      try {
        const dialled = await dialEndpoint(
          { ...target, tls: { ...target.tls, servername: name } },
          this.#endpoint,
          { ...dial, ...options, tls: { ...dial.tls, servername: name } },
        );
        this.#proved = name;
        return dialled;
      } catch (error) {
        if (!(error instanceof RedoubtError) || error.code !== "TLS_NAME_MISMATCH") throw first ?? error;
        first ??= error;
      }
    }
    throw unproved(first as RedoubtError, this.address, ordered);
  }

  /** @internal It has left the cluster: what is in flight may still be answered. */
  retire(): void {
    this.#retired = true;
    void this.#link.close(farewell);
  }

  /** @internal */
  close(graceMs: number): Promise<void> {
    this.#retired = true;
    return this.#link.close(graceMs);
  }

  /** @internal */
  destroy(): void {
    this.#retired = true;
    this.#link.destroy();
  }

  [inspect.custom](): string {
    const role = this.isReplica ? "replica" : "primary";
    return `ClusterNode { ${this.address}, ${role}, ${this.#link.state} }`;
  }

  #newLink(events: LinkEvents): Link {
    const { node, useReplicas } = this.#owner.settings;
    return new Link({
      ...node,
      connectTimeout: node.dial.connectTimeout,
      dial: (options) => this.dial(options),
      ...(useReplicas && { prepare: allowReading }),
      recover: (setback) => this.#owner.recover(setback, this),
      ...events,
    });
  }

  async #prepare(connection: Connection, tracking: Tracking): Promise<void> {
    if (this.#owner.settings.useReplicas) await allowReading(connection);
    await tracking.prepare(connection);
    this.#owner.told(this, tracking.isOn);
  }

  #ready(): void {
    const { connection } = this.#link;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve(connection as Connection);
    this.#owner.onReady(this);
  }

  async #connection(ms: number): Promise<Connection> {
    let timer: NodeJS.Timeout | undefined;
    const ready = new Promise<Connection>((resolve, reject) => {
      this.#waiters.push(resolve);
      timer = setTimeout(() => reject(this.#absent(ms)), ms);
    });
    // Who waits may be told by this that the node cannot be reached at all.
    return Promise.race([ready, this.open().then(() => ready)]).finally(() => clearTimeout(timer));
  }

  #absent(ms: number): RedoubtError {
    const message = `Node ${this.address}, to which a slot is on its way, had no connection within ${ms} ms`;
    return new RedoubtError("TIMEOUT_QUEUE", message, { address: this.address });
  }
}

const asking = raw(["ASKING"]);
const readOnly = raw(["READONLY"]);

/** Lets a replica answer by itself. A primary does not mind; a server outside of a cluster refuses, and needs none. */
async function allowReading(connection: Connection): Promise<void> {
  await connection.send(readOnly, asStrings).catch((error: RedoubtError) => {
    if (!error.code.startsWith("REPLY_")) throw error;
  });
}

function unproved(first: RedoubtError, address: string, names: readonly string[]): RedoubtError {
  const tried = names.length === 1 ? names[0] : `any of ${names.join(", ")}`;
  return new RedoubtError(
    first.code,
    `Node ${address} of the cluster cannot prove to be ${tried}: ${first.message}`,
    {
      ...(first.address !== undefined && { address: first.address }),
      stage: "tls",
      hint: "Say which name its certificate carries: nodeAddressMap { servername }, or tls.servername for all nodes.",
      cause: first,
    },
  );
}

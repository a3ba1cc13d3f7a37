import type { Endpoint } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";
import type { Dialled } from "../net/dial.ts";
import { addressOf } from "./address-map.ts";
import type { RouteOptions } from "./route.ts";
import { type Channel, SentinelPeer, type View } from "./sentinel-peer.ts";
import * as query from "./sentinel-query.ts";

/** How long others may still answer once one Sentinel has, ms: one of them may know something newer. */
const patience = 50;
/** Events come in swarms; one look answers them all, ms. */
const gathering = 50;
/**
 * How long a newer word is held to although nobody confirms it, ms. Sentinels pass a failover on within two seconds; an
 * epoch that stays lower belongs to Sentinels that were set up anew.
 */
const faith = 5000;

/** A change of the topology. The first five are node-redis's, with its spelling. */
export type TopologyChange =
  | {
      readonly type: "MASTER_CHANGE" | "REPLICA_ADD" | "REPLICA_REMOVE" | "SENTINEL_CHANGE";
      readonly node: Endpoint;
    }
  | { readonly type: "SENTINE_LIST_CHANGE"; readonly size: number }
  | { readonly type: "SENTINEL_UP"; readonly node: Endpoint }
  | { readonly type: "SENTINEL_DOWN"; readonly node: Endpoint; readonly error: RedoubtError };

export interface DirectoryOptions {
  readonly masterName: string;
  /** The Sentinels that the user named. */
  readonly roots: readonly Endpoint[];
  /** Opens a connection to a Sentinel. */
  readonly dial: (endpoint: Endpoint, options: RouteOptions) => Promise<Dialled>;
  /** Where a Sentinel is dialled that another one announced. */
  readonly reach: (announced: Endpoint) => Endpoint;
  /** ms */
  readonly connectTimeout: number;
  /** How often all is asked again although nobody told of a change, ms. */
  readonly scanInterval: number;
}

/**
 * What all Sentinels of a master together know: who is master, which replicas can be read from, which other Sentinels
 * there are. All of them are listened to, because after a failover one knows at once and the others up to two seconds later.
 * Addresses are as announced.
 */
export class SentinelDirectory {
  readonly #options: DirectoryOptions;
  readonly #peers = new Map<string, SentinelPeer>();
  readonly #listeners = new Set<(change: TopologyChange) => void>();
  #master: Endpoint | null = null;
  #epoch = -1;
  /** Since when the master is in doubt, ms: lost or refused, all are asked before anybody dials it again. */
  #doubtedSince: number | null = null;
  #replicas: readonly Endpoint[] = [];
  #asking: Promise<Endpoint> | null = null;
  #looking: NodeJS.Timeout | undefined;
  #scanning: NodeJS.Timeout | undefined;
  #started = false;

  constructor(options: DirectoryOptions) {
    this.#options = options;
  }

  /** The master as last known. */
  get known(): Endpoint | null {
    return this.#master;
  }

  /** The replicas that can be read from, as last known. */
  get replicas(): readonly Endpoint[] {
    return this.#replicas;
  }

  /** The Sentinels known, and whether each is connected. */
  get sentinels(): readonly { readonly endpoint: Endpoint; readonly isUp: boolean }[] {
    return [...this.#peers.values()].map(({ endpoint, isUp }) => ({ endpoint, isUp }));
  }

  /** Calls back at each change until the function it gives is called. */
  onChange(listener: (change: TopologyChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to listen to the Sentinels. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const root of this.#options.roots) this.#add(root);
    this.#scanning = setInterval(() => this.#lookSoon(), this.#options.scanInterval).unref();
  }

  /** Hangs up. It may be started again. */
  stop(): void {
    this.#started = false;
    clearInterval(this.#scanning);
    clearTimeout(this.#looking);
    this.#looking = undefined;
    for (const peer of this.#peers.values()) peer.stop();
    this.#peers.clear();
    this.#asking = null;
    if (this.#master !== null) this.doubt(this.#master);
  }

  /**
   * Who is master: what is known and not in doubt, else what the Sentinels say.
   * @throws RedoubtError `TOPOLOGY_NO_SENTINEL`, `TOPOLOGY_MASTER_UNKNOWN`; what all Sentinels failed with, when waiting cures none of it
   */
  master(): Promise<Endpoint> {
    if (this.#master !== null && this.#doubtedSince === null) return Promise.resolve(this.#master);
    this.#asking ??= this.#askAll().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** Reports that an address which was named does not work as master. */
  doubt(endpoint: Endpoint): void {
    if (this.#master !== null && same(this.#master, endpoint)) this.#doubtedSince ??= performance.now();
  }

  /** Reports that an address works as master. */
  trust(endpoint: Endpoint): void {
    if (this.#master !== null && same(this.#master, endpoint)) this.#doubtedSince = null;
  }

  /** Waits for another master to be named, for at most so long (ms). */
  news(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        forget();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const forget = this.onChange(({ type }) => {
        if (type === "MASTER_CHANGE") done();
      });
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    });
  }

  #add(endpoint: Endpoint): void {
    const { masterName, dial, connectTimeout } = this.#options;
    const address = addressOf(endpoint);
    if (this.#peers.has(address)) return;
    const peer = new SentinelPeer({
      endpoint,
      masterName,
      dial,
      connectTimeout,
      onEvent: (from, channel, message) => this.#heard(from, channel, message),
      onUp: (one) => this.#up(one),
      onDown: ({ endpoint: node }, error) => this.#tell({ type: "SENTINEL_DOWN", node, error }),
    });
    this.#peers.set(address, peer);
    this.#tell({ type: "SENTINE_LIST_CHANGE", size: this.#peers.size });
    peer.start();
  }

  #up(peer: SentinelPeer): void {
    // One Sentinel under two addresses, one of them announced: the user's own word is kept.
    const twin = [...this.#peers.values()].find(
      (one) => one !== peer && one.runId !== "" && one.runId === peer.runId,
    );
    if (twin !== undefined) this.#drop(this.#isRoot(peer) ? twin : peer);
    this.#tell({ type: "SENTINEL_UP", node: peer.endpoint });
    this.#lookSoon();
  }

  #isRoot({ endpoint }: SentinelPeer): boolean {
    return this.#options.roots.some((root) => same(root, endpoint));
  }

  #drop(peer: SentinelPeer): void {
    if (this.#isRoot(peer)) return;
    this.#peers.delete(peer.address);
    peer.stop();
    this.#tell({ type: "SENTINE_LIST_CHANGE", size: this.#peers.size });
  }

  async #askAll(): Promise<Endpoint> {
    const peers = [...this.#peers.values()];
    const views: View[] = [];
    const failures: RedoubtError[] = [];
    await new Promise<void>((enough) => {
      let left = peers.length;
      if (left === 0) enough();
      let timer: NodeJS.Timeout | undefined;
      for (const peer of peers) {
        peer
          .ask()
          .then((view) => {
            views.push(view);
            if (view.master !== null) timer ??= setTimeout(enough, patience);
          })
          .catch((error: RedoubtError) => failures.push(error))
          .finally(() => {
            if (--left > 0) return;
            clearTimeout(timer);
            enough();
          });
      }
    });
    const best = this.#best(views);
    if (best === null) throw await this.#whyUnknown(views.length > 0, failures);
    if (best.epoch < this.#epoch && this.#master !== null && this.#isHeldTo()) return this.#master;
    this.#epoch = best.epoch;
    const since = this.#master !== null && same(best.master, this.#master) ? this.#doubtedSince : null;
    this.#appoint(best.master);
    // Named again does not mean that it works again.
    this.#doubtedSince = since;
    return best.master;
  }

  #isHeldTo(): boolean {
    return this.#doubtedSince === null || performance.now() - this.#doubtedSince < faith;
  }

  #best(views: readonly View[]): { master: Endpoint; epoch: number } | null {
    let best: { master: Endpoint; epoch: number } | null = null;
    for (const { master, epoch } of views) {
      if (master === null) continue;
      // During a failover one Sentinel names the promoted server before the epoch is raised.
      const newer =
        best === null ||
        epoch > best.epoch ||
        (epoch === best.epoch && this.#master !== null && same(best.master, this.#master));
      if (newer) best = { master, epoch };
    }
    return best;
  }

  async #whyUnknown(answered: boolean, failures: readonly RedoubtError[]): Promise<RedoubtError> {
    const { masterName, roots } = this.#options;
    if (answered) return this.#unknownName();
    const [first] = failures;
    if (first === undefined) return new RedoubtError("CLOSED_CLIENT", "The client was closed");
    const said = [...new Set(failures.map(({ message }) => message))].join("; ");
    // A wrong password or certificate is the same at all of them, and waiting does not mend it.
    if (failures.every(({ transient }) => !transient)) return first;
    const message = `None of the ${roots.length} Sentinels of ${masterName} could be asked: ${said}`;
    return new RedoubtError("TOPOLOGY_NO_SENTINEL", message, {
      cause: failures.length === 1 ? first : new AggregateError(failures),
    });
  }

  async #unknownName(): Promise<RedoubtError> {
    const { masterName } = this.#options;
    const up = [...this.#peers.values()].find(({ isUp }) => isUp);
    const names = (await up?.query(query.masterNames()).catch(() => [])) ?? [];
    const others = names.length === 0 ? "no master at all" : names.join(", ");
    return new RedoubtError(
      "TOPOLOGY_MASTER_UNKNOWN",
      `The Sentinels do not watch a master ${masterName}; they watch ${others}`,
      up === undefined ? {} : { address: up.address },
    );
  }

  /** Another server, or the same one again, is master. */
  #appoint(master: Endpoint): void {
    const before = this.#master;
    this.#master = master;
    this.#doubtedSince = null;
    if (before !== null && same(before, master)) return;
    this.#tell({ type: "MASTER_CHANGE", node: master });
    this.#lookSoon();
  }

  #heard(peer: SentinelPeer, channel: Channel, message: string): void {
    const words = message.split(" ");
    if (channel === "+switch-master") {
      const [name, , , host = "", port] = words;
      if (name === this.#options.masterName) this.#promoted(peer, { host, port: Number(port) });
    } else if (channel === "+promoted-slave") {
      // slave <name> <ip> <port> @ <master name> <master ip> <master port>
      const [, , host = "", port, , name] = words;
      if (name === this.#options.masterName) this.#promoted(peer, { host, port: Number(port) });
    } else this.#lookSoon();
  }

  /** One Sentinel tells of a new master. Others may say otherwise for a while, so its epoch is learnt at once. */
  #promoted(peer: SentinelPeer, master: Endpoint): void {
    this.#appoint(master);
    peer.ask().then(
      (view) => {
        if (view.master === null || !same(view.master, master)) return;
        if (this.#master !== null && same(this.#master, master))
          this.#epoch = Math.max(this.#epoch, view.epoch);
      },
      // It has just told the news and is gone: the next look learns the epoch.
      () => {},
    );
  }

  #lookSoon(): void {
    if (!this.#started) return;
    this.#looking ??= setTimeout(() => {
      this.#looking = undefined;
      void this.#look();
    }, gathering).unref();
  }

  /** Asks every Sentinel that is up for all it knows. */
  async #look(): Promise<void> {
    const { masterName } = this.#options;
    const seen = await Promise.all(
      [...this.#peers.values()]
        .filter(({ isUp }) => isUp)
        .map(async (peer) => {
          const [view, replicas, sentinels] = await Promise.all([
            peer.ask(),
            peer.query(query.healthyReplicas(masterName)),
            peer.query(query.otherSentinels(masterName)),
          ]).catch(() => [null, [], []] as const);
          return { view, replicas, sentinels };
        }),
    );
    if (!this.#started) return;
    let freshest: (typeof seen)[number] | null = null;
    for (const one of seen) {
      if (one.view === null || one.view.master === null) continue;
      if (freshest === null || one.view.epoch > (freshest.view as View).epoch) freshest = one;
      for (const { endpoint, runId } of one.sentinels) this.#discovered(endpoint, runId);
    }
    if (freshest === null) return;
    this.#forget(new Set(seen.flatMap(({ sentinels }) => sentinels.map(({ runId }) => runId))));
    const { master, epoch } = freshest.view as View;
    // Whom an event has named stays until somebody knows of a newer epoch.
    if (epoch > this.#epoch && master !== null) {
      this.#epoch = epoch;
      this.#appoint(master);
    }
    this.#setReplicas(freshest.replicas.map(({ endpoint }) => endpoint));
  }

  #discovered(announced: Endpoint, runId: string): void {
    const known = [...this.#peers.values()].some((peer) => runId !== "" && peer.runId === runId);
    if (known) return;
    try {
      this.#add(this.#options.reach(announced));
    } catch (error) {
      this.#tell({ type: "SENTINEL_DOWN", node: announced, error: error as RedoubtError });
    }
  }

  /** Sentinels come and go: one that is away, and that the others have forgotten, is forgotten. */
  #forget(listed: ReadonlySet<string>): void {
    for (const peer of this.#peers.values())
      if (!peer.isUp && peer.runId !== "" && !listed.has(peer.runId)) this.#drop(peer);
  }

  #setReplicas(found: readonly Endpoint[]): void {
    const before = this.#replicas;
    const after = found.filter((one) => this.#master === null || !same(one, this.#master));
    this.#replicas = after;
    for (const node of after)
      if (!before.some((one) => same(one, node))) this.#tell({ type: "REPLICA_ADD", node });
    for (const node of before)
      if (!after.some((one) => same(one, node))) this.#tell({ type: "REPLICA_REMOVE", node });
  }

  #tell(change: TopologyChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** Whether two endpoints are the same address. */
export function same(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && one.host.toLowerCase() === other.host.toLowerCase();
}

import type { ServiceNode } from "../contract/service.ts";
import { formCluster } from "../nodes/cluster.ts";
import { Node, type NodeGround } from "../nodes/node.ts";
import { primaryOf, settleReplication } from "../nodes/replication.ts";
import { fieldsOf } from "../nodes/replies.ts";
import type { NodeRecord } from "../state/record.ts";

/** What the keeper knows of one server beside what the server itself says. */
interface Standing {
  restarts: number;
  /** How often in a row it ended soon after its start. */
  streak: number;
  /** When it served last, ms of this process. */
  since: number;
  failed: boolean;
}

/** A server that has served that long has not ended because of how it was started, ms. */
const longEnough = 60_000;

/** All servers of a service. */
export class Fleet {
  readonly nodes: readonly Node[];
  readonly sentinels: readonly Node[];
  readonly #ground: () => NodeGround;
  readonly #standing = new Map<Node, Standing>();
  #primary: Node | null = null;

  /** @param ended hears of a server that has ended though nobody stopped it */
  constructor(records: readonly NodeRecord[], ground: () => NodeGround, ended: (node: Node) => void) {
    const made = records.map((record) => new Node(record, ground, ended));
    this.nodes = made.filter(({ kind }) => kind === "data");
    this.sentinels = made.filter(({ kind }) => kind === "sentinel");
    this.#ground = ground;
    for (const node of made) this.#standing.set(node, { restarts: 0, streak: 0, since: 0, failed: false });
  }

  get all(): readonly Node[] {
    return [...this.nodes, ...this.sentinels];
  }

  /** The node that takes writes, as it was seen last; the first one where all do. */
  get primary(): Node | null {
    return this.#topology === "replicated" ? this.#primary : (this.nodes[0] ?? null);
  }

  get #topology(): "single" | "replicated" | "cluster" {
    return this.#ground().configuration.topology;
  }

  /** Takes up the servers that run, starts the others, and makes them one service. @throws RedoubtError `SERVICE_FAILED` */
  async start(): Promise<void> {
    await this.#each(this.nodes);
    // Sentinels come when there is something to watch.
    await this.#each(this.sentinels);
    if (this.#topology === "cluster") await formCluster(this.nodes);
    if (this.#topology === "replicated") await settleReplication(this);
    await this.look();
  }

  /** Starts one server again that has ended. */
  async revive(node: Node): Promise<void> {
    const standing = this.#standing.get(node) as Standing;
    try {
      await node.start();
      standing.failed = false;
      standing.since = performance.now();
    } catch (error) {
      standing.failed = true;
      throw error;
    }
  }

  /** Counts a server that has ended by itself. @returns how often in a row that has happened soon after its start */
  mourn(node: Node): number {
    const standing = this.#standing.get(node) as Standing;
    standing.restarts++;
    const long = performance.now() - standing.since > longEnough;
    standing.streak = long ? 1 : standing.streak + 1;
    return standing.streak;
  }

  /**
   * Ends all servers: those that watch first, the one that takes writes last.
   * @param grace how long each may take to end by itself, ms; by default long enough for a last snapshot
   */
  async stop(grace?: number): Promise<void> {
    const { primary } = this;
    const replicas = this.nodes.filter((node) => node !== primary);
    for (const some of [this.sentinels, replicas, primary === null ? [] : [primary]])
      await Promise.all(some.map((node) => node.stop(grace)));
  }

  /** Lets them run without being watched. */
  leave(): void {
    for (const node of this.all) node.leave();
  }

  /** Looks who takes writes now. @returns whether that has changed */
  async look(): Promise<boolean> {
    if (this.#topology !== "replicated") return false;
    const now = await primaryOf(this);
    if (now === null || now === this.#primary) return false;
    this.#primary = now;
    return true;
  }

  /** Version of the server program; null when nobody can be asked. */
  async version(): Promise<string | null> {
    const reply = await this.nodes[0]?.command("INFO", "server").catch(() => null);
    const { valkey_version: valkey, redis_version: redis } = fieldsOf(reply ?? "");
    return valkey ?? redis ?? null;
  }

  /** How each server is. */
  async describe(): Promise<ServiceNode[]> {
    return Promise.all(
      this.all.map(async (node): Promise<ServiceNode> => {
        const { restarts, failed } = this.#standing.get(node) as Standing;
        const { name, kind, port, pid } = node;
        const state = pid !== null ? "running" : failed ? "failed" : "stopped";
        return { name, kind, port, pid, restarts, state, role: await this.#roleOf(node) };
      }),
    );
  }

  async #roleOf(node: Node): Promise<ServiceNode["role"]> {
    if (node.kind === "sentinel") return "sentinel";
    if (node.pid === null) return "unknown";
    const { role } = fieldsOf(await node.command("INFO", "replication").catch(() => ""));
    return role === "master" ? "primary" : role === "slave" ? "replica" : "unknown";
  }

  async #each(nodes: readonly Node[]): Promise<void> {
    const outcomes = await Promise.allSettled(nodes.map((node) => this.revive(node)));
    const failure = outcomes.find((outcome) => outcome.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }
}

import cluster, { type Worker } from "node:cluster";
import { randomBytes } from "node:crypto";
import { mergeMetrics, StatusServer, type Terminator } from "@redoubt/tunnel";
import type { Invocation } from "./invocation.ts";

/** What the first process tells a worker at its start. */
interface Orders {
  /** Shared by all, so that each takes the sessions of the others. */
  readonly ticketKeys: string;
  /** Counts from 0; a worker that takes the place of a dead one has its number. */
  readonly place: number;
}

/** What a worker answers when it is asked how it is. */
interface WorkerState {
  readonly metrics: string;
  readonly troubles: readonly string[];
  readonly connections: number;
}

/** How long a worker may take to say how it is, ms; one that does not is busy or gone. */
const patience = 2000;

/** A worker that dies sooner than this after its start is not replaced before: it may die of the same again. ms. */
const shortLife = 1000;

/** Whether this process is one of several that serve one port. */
export const isWorker: boolean = cluster.isWorker;

/** What the first process says to this worker. */
export function receiveOrders(): Promise<Orders> {
  const orders = new Promise<Orders>((resolve) => process.once("message", (said) => resolve(said as Orders)));
  process.send?.("ready");
  return orders;
}

/** Answers the first process whenever it asks how this worker is. */
export function reportTo(terminator: Terminator): void {
  process.on("message", (said) => {
    if (said !== "how are you?") return;
    const { metrics, troubles, connections } = terminator;
    process.send?.({ metrics, troubles, connections } satisfies WorkerState);
  });
}

/** Processes that serve one port together, and the one that watches them. */
export class TerminatorCrew {
  readonly #size: number;
  readonly #invocation: Invocation;
  readonly #ticketKeys = randomBytes(48).toString("base64");
  readonly #places = new Map<Worker, { readonly place: number; readonly since: number }>();
  #stopping = false;
  #serving = false;
  #ended: () => void = () => {};

  constructor(size: number, invocation: Invocation) {
    this.#size = size;
    this.#invocation = invocation;
  }

  /**
   * Starts the workers. Resolves with the address on which the first one listens; with its exit code when it cannot: it has
   * said why.
   */
  async start(): Promise<string | number> {
    const listening = new Promise<string | number>((resolve) => {
      cluster.on("listening", (_worker, { address, port }) =>
        resolve(port === undefined || port < 0 ? String(address) : `${String(address)}:${port}`),
      );
      cluster.once("exit", (_worker, code) => resolve(code));
    });
    cluster.on("exit", (worker) => this.#left(worker));
    // One first: where it cannot listen, the others could not either, and it is said once.
    this.#fork(0);
    const address = await listening;
    this.#serving = typeof address === "string";
    if (this.#serving) for (let place = 1; place < this.#size; place++) this.#fork(place);
    return address;
  }

  /** Answers /live, /ready and /metrics for all of them. */
  async openStatus(at: string, exposed: boolean): Promise<StatusServer> {
    let states: readonly WorkerState[] = [];
    const look = async (): Promise<void> => {
      states = await this.#ask();
    };
    await look();
    return StatusServer.open({
      at,
      exposed,
      before: look,
      ready: () => {
        const troubles = [...new Set(states.flatMap((state) => state.troubles))];
        const reasons = states.length === 0 ? ["no worker answers", ...troubles] : troubles;
        return { ready: reasons.length === 0, reasons };
      },
      metrics: () => mergeMetrics(states.map(({ metrics }) => metrics)),
    });
  }

  /** Tells all of them to read their certificates again. */
  reload(): void {
    for (const worker of this.#places.keys()) worker.process.kill("SIGHUP");
  }

  /** Connections that are open at all of them. */
  async connections(): Promise<number> {
    return (await this.#ask()).reduce((sum, state) => sum + state.connections, 0);
  }

  /** Lets all of them drain. Resolves when they are gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const gone = this.#gone();
    for (const worker of this.#places.keys()) worker.process.kill("SIGTERM");
    await gone;
  }

  /** Resolves when there is no worker left. */
  async #gone(): Promise<void> {
    while (this.#places.size > 0) await new Promise<void>((resolve) => (this.#ended = resolve));
  }

  #fork(place: number): void {
    const worker = cluster.fork();
    this.#places.set(worker, { place, since: performance.now() });
    worker.once("message", () => worker.send({ ticketKeys: this.#ticketKeys, place } satisfies Orders));
  }

  #left(worker: Worker): void {
    const known = this.#places.get(worker);
    this.#places.delete(worker);
    if (known !== undefined && this.#serving && !this.#stopping) {
      this.#invocation.output.note("A worker process died; another takes its place.");
      const lived = performance.now() - known.since;
      setTimeout(
        () => {
          if (!this.#stopping) this.#fork(known.place);
        },
        Math.max(0, shortLife - lived),
      );
    }
    this.#ended();
  }

  async #ask(): Promise<WorkerState[]> {
    const answers = [...this.#places.keys()].map(
      (worker) =>
        new Promise<WorkerState | null>((resolve) => {
          const late = setTimeout(() => answered(null), patience);
          const answered = (said: unknown): void => {
            clearTimeout(late);
            worker.off("message", answered);
            resolve(said as WorkerState | null);
          };
          worker.on("message", answered);
          if (worker.isConnected()) worker.send("how are you?");
          else answered(null);
        }),
    );
    return (await Promise.all(answers)).filter((state) => state !== null);
  }
}

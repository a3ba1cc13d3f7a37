import { join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import type { SimulationKind, SimulationOptions, SimulationState } from "../contract/simulation.ts";
import { readIfThere } from "../state/disk.ts";
import type { RunningSimulation, SimulationHost } from "./host.ts";
import { checkedOptions, simulationNamed } from "./simulation-table.ts";

/** A simulation as it is written down, to be resumed. */
type Kept = Pick<SimulationState, "kind" | "since" | "options" | "facts">;

interface Running extends Kept {
  readonly running: RunningSimulation;
}

/** Folder of simulations below that of a service. */
const folderOf = (service: string): string => join(service, "simulate");
const stateFile = (service: string): string => join(folderOf(service), "simulations.json");

/** Simulations of a service that are switched on, without asking its keeper. @param folder of the service */
export async function readSimulations(folder: string): Promise<SimulationState[]> {
  const text = await readIfThere(stateFile(folder));
  return text === null ? [] : (JSON.parse(text) as Kept[]);
}

/** The simulations of a service: switched on and off, and on again when the keeper starts again. One of each kind. */
export class Simulations {
  readonly #host: SimulationHost;
  readonly #running = new Map<SimulationKind, Running>();
  #working: Promise<unknown> = Promise.resolve();

  constructor(host: SimulationHost) {
    this.#host = host;
  }

  /** What is switched on. */
  get states(): SimulationState[] {
    return [...this.#running.values()].map(({ kind, since, options, facts }) => ({
      kind,
      since,
      options,
      facts,
    }));
  }

  /**
   * Switches one on. With other options than it has, it is started anew.
   * @throws RedoubtError `CONFIG_UNKNOWN_KEY`, `CONFIG_INVALID_VALUE`, `SERVICE_UNFIT`, or what starting it met; then it is off
   */
  start(kind: string, options: SimulationOptions = {}): Promise<SimulationState> {
    return this.#queue(async () => {
      const { topologies } = simulationNamed(kind);
      const checked = checkedOptions(kind, options);
      const { topology } = this.#host;
      if (!topologies.includes(topology))
        throw new RedoubtError(
          "SERVICE_UNFIT",
          `${kind} is for services of other plans: ${topologies.map(planOf).join(", ")}`,
          {
            hint: `This one is ${planOf(topology)}.`,
          },
        );
      await this.#end(kind as SimulationKind);
      const state = await this.#begin(kind as SimulationKind, new Date().toISOString(), checked, false);
      await this.#write();
      return state;
    });
  }

  /** Switches one off. @throws RedoubtError `CONFIG_INVALID_VALUE` when it is not on */
  stop(kind: string): Promise<void> {
    return this.#queue(async () => {
      simulationNamed(kind);
      if (!this.#running.has(kind as SimulationKind))
        throw new RedoubtError("CONFIG_INVALID_VALUE", `The simulation ${kind} is not switched on`);
      await this.#end(kind as SimulationKind);
      await this.#write();
    });
  }

  /** Switches on again what was on when the keeper ended. What cannot be is said, and is off. */
  resume(): Promise<void> {
    return this.#queue(async () => {
      for (const { kind, since, options } of await readSimulations(this.#host.context.folder)) {
        // What happens once has happened.
        if (this.#running.has(kind) || kind === "maintenance-notice") continue;
        await this.#begin(kind, since, options, true).catch((error: Error) =>
          this.#host.context.say(`The simulation ${kind} could not be resumed: ${error.message}`),
        );
      }
      await this.#write();
    });
  }

  /** Ends all, and remembers them for {@link Simulations.resume}. */
  async suspend(): Promise<void> {
    await this.#queue(async () => {
      for (const kind of [...this.#running.keys()].reverse()) await this.#end(kind);
    });
  }

  async #begin(
    kind: SimulationKind,
    since: string,
    options: SimulationOptions,
    isResumed: boolean,
  ): Promise<SimulationState> {
    const folder = folderOf(this.#host.context.folder);
    await this.#host.disk.folder(folder);
    const running = await simulationNamed(kind).start(
      this.#host,
      folder,
      checkedOptions(kind, options),
      isResumed,
    );
    const { facts } = running;
    const entry: Running = { kind, since, options, facts, running };
    this.#running.set(kind, entry);
    this.#host.context.say(`The simulation ${kind} is on.`);
    void running.over?.then(() => this.#queue(() => this.#forget(entry))).catch(() => {});
    return { kind, since, options, facts };
  }

  async #forget(entry: Running): Promise<void> {
    if (this.#running.get(entry.kind) !== entry) return;
    this.#running.delete(entry.kind);
    await this.#write();
  }

  async #end(kind: SimulationKind): Promise<void> {
    const entry = this.#running.get(kind);
    if (entry === undefined) return;
    this.#running.delete(kind);
    await entry.running.stop();
    this.#host.context.say(`The simulation ${kind} is off.`);
  }

  async #write(): Promise<void> {
    const { folder } = this.#host.context;
    await this.#host.disk.folder(folderOf(folder));
    await this.#host.disk.write(stateFile(folder), `${JSON.stringify(this.states, null, 2)}\n`);
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#working.then(work);
    this.#working = done.catch(() => {});
    return done;
  }
}

const planOf = (topology: SimulationHost["topology"]): string =>
  ({ single: "one node", replicated: "a primary with replicas", cluster: "a cluster" })[topology];

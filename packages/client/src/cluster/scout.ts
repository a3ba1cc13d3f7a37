import { RedoubtError } from "../errors.ts";
import type { Topology } from "./topology.ts";

/** Somebody who can be asked for the topology. */
export interface Witness {
  /** `host:port`, for errors. */
  readonly address: string;
  ask(): Promise<Topology>;
}

/** How long one witness is waited for before the next is asked besides, ms. */
const stagger = 300;

/** The least time between two readings, ms: when slots move, news come by the thousand. */
const gap = 100;

/** How soon the topology is read again while something is wrong, ms. */
const unwellInterval = 500;

export interface ScoutOptions {
  /** Whom to ask, best first. */
  readonly witnesses: () => readonly Witness[];
  readonly apply: (topology: Topology) => void;
  /** Whether a node that is needed is away. */
  readonly isUnwell: () => boolean;
  /** Nobody could tell, for the first time since somebody could. */
  readonly onFailure: (error: RedoubtError) => void;
  /** How often to read although nothing happened, ms; 0: never. */
  readonly interval: number;
}

/** Keeps the topology known: read once at a time, on demand, on a timer, and more often while a node is away. */
export class Scout {
  readonly #options: ScoutOptions;
  #reading: Promise<void> | null = null;
  /** Something happened after the present reading had begun. */
  #again = false;
  #readAt = Number.NEGATIVE_INFINITY;
  #failing = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;

  constructor(options: ScoutOptions) {
    this.#options = options;
  }

  /** Reads on a timer from now on. */
  start(): void {
    this.#stopped = false;
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /**
   * Reads the topology. All who ask while it is being read get the same reading.
   * @throws RedoubtError `TOPOLOGY_NO_NODE`; or the code that all failures have in common, when waiting does not cure it
   */
  read(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
      this.#readAt = performance.now();
      this.#schedule();
    });
    return this.#reading;
  }

  /** Something has happened: reads soon, in the background. */
  readSoon(): void {
    if (this.#stopped) return;
    if (this.#reading !== null) this.#again = true;
    else this.#schedule(Math.max(0, gap - (performance.now() - this.#readAt)));
  }

  #schedule(ms: number | null = this.#pause()): void {
    clearTimeout(this.#timer);
    if (this.#stopped || ms === null) return;
    this.#timer = setTimeout(() => void this.#readInBackground(), ms).unref();
  }

  /** Until the next reading, ms; null: there is none. */
  #pause(): number | null {
    if (this.#again) return gap;
    if (this.#failing || this.#options.isUnwell()) return unwellInterval;
    return this.#options.interval === 0 ? null : this.#options.interval;
  }

  async #readInBackground(): Promise<void> {
    try {
      await this.read();
    } catch (error) {
      if (!this.#failing && !this.#stopped) this.#options.onFailure(error as RedoubtError);
      this.#failing = true;
    }
  }

  async #read(): Promise<void> {
    this.#again = false;
    const topology = await firstAnswer(this.#options.witnesses());
    if (this.#stopped) return;
    this.#failing = false;
    this.#options.apply(topology);
  }
}

/** The first answer. Each witness gets a head start before the next. */
async function firstAnswer(witnesses: readonly Witness[]): Promise<Topology> {
  if (witnesses.length === 0) throw nobodyKnows([]);
  /** In the order of the witnesses. */
  const failures: RedoubtError[] = [];
  return new Promise((resolve, reject) => {
    let next = 0;
    let left = witnesses.length;
    let timer: NodeJS.Timeout | undefined;
    const askNext = (): void => {
      clearTimeout(timer);
      const at = next++;
      const witness = witnesses[at];
      if (witness === undefined) return;
      timer = setTimeout(askNext, stagger);
      witness.ask().then(
        (topology) => {
          clearTimeout(timer);
          next = witnesses.length;
          resolve(topology);
        },
        (error: RedoubtError) => {
          const { address } = witness;
          failures[at] = error.address === undefined ? error.alsoWith({ address }) : error;
          left--;
          if (left > 0) return askNext();
          clearTimeout(timer);
          reject(nobodyKnows(failures));
        },
      );
    };
    askNext();
  });
}

function nobodyKnows(failures: readonly RedoubtError[]): RedoubtError {
  const [first] = failures;
  const text = failures.map(({ address, message }) =>
    message.includes(String(address)) ? message : `${address}: ${message}`,
  );
  const said = [...new Set(text)].join("; ");
  const details = { cause: failures.length === 1 ? first : new AggregateError(failures) };
  if (first !== undefined && !first.transient && failures.every(({ code }) => code === first.code)) {
    return new RedoubtError(first.code, `No node told the topology of the cluster: ${said}`, {
      ...details,
      ...(first.address !== undefined && { address: first.address }),
      ...(first.stage !== undefined && { stage: first.stage }),
      hint: first.hint,
    });
  }
  const why = said === "" ? "there is nobody to ask" : said;
  return new RedoubtError("TOPOLOGY_NO_NODE", `No node told the topology of the cluster: ${why}`, details);
}

import { Feed } from "./feed.ts";
import type { Masker } from "./masker.ts";
import { Ring, type RingLimits } from "./ring.ts";

/** A line of a resource's log. */
export interface LogLine {
  /** Name of the resource. */
  readonly resource: string;
  /** Counts all lines of the app, from 1: by it lines of several resources are put in order. */
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Where the program has written it; `system`: what Redoubt says about the resource. */
  readonly stream: "stdout" | "stderr" | "system";
  /** Without the end of line; secrets are masked. */
  readonly text: string;
}

/** Which lines are wanted. */
export interface LogOptions {
  /** How many of the newest ones that are there already. Default: all that are kept. */
  readonly tail?: number;
  /** Whether lines that come later are wanted, too, until the signal or the end of the app. Default false. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** What is kept of each resource: lines, and characters of all of them together. */
const kept: RingLimits<LogLine> = { count: 10_000, size: 8 << 20, sizeOf: ({ text }) => text.length };

/** The logs of all resources: the newest 10,000 lines of each. Secrets are masked as lines come in. */
export class LogStore {
  readonly #masker: Masker;
  readonly #rings = new Map<string, Ring<LogLine>>();
  readonly #listeners = new Set<(line: LogLine) => void>();
  readonly #feeds = new Set<Feed<LogLine>>();
  #count = 0;

  constructor(masker: Masker) {
    this.#masker = masker;
  }

  write(resource: string, stream: LogLine["stream"], text: string): void {
    const line: LogLine = {
      resource,
      number: ++this.#count,
      time: new Date().toISOString(),
      stream,
      text: this.#masker.mask(text),
    };
    let ring = this.#rings.get(resource);
    if (ring === undefined) this.#rings.set(resource, (ring = new Ring(kept)));
    ring.push(line);
    for (const listener of this.#listeners) listener(line);
  }

  /** The newest lines that are there, the oldest of them first. @param resource undefined: of all */
  tail(resource: string | undefined, count = Number.POSITIVE_INFINITY): LogLine[] {
    if (resource !== undefined) return this.#rings.get(resource)?.last(count) ?? [];
    const all = [...this.#rings.values()].flatMap((ring) => ring.last(count));
    all.sort((one, other) => one.number - other.number);
    return count >= all.length ? all : all.slice(all.length - count);
  }

  /** Calls back at each line from now on. @returns what ends that */
  watch(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lines one after the other. @param resource undefined: of all */
  read(resource: string | undefined, options: LogOptions = {}): AsyncIterableIterator<LogLine> {
    const { tail, follow = false, signal } = options;
    const feed: Feed<LogLine> = new Feed(() => {
      unwatch();
      this.#feeds.delete(feed);
      signal?.removeEventListener("abort", end);
    });
    const end = (): void => feed.end();
    // Nothing can come in between: both happen in the same turn.
    const before = this.tail(resource, tail);
    const unwatch = this.watch((line) => {
      if (resource === undefined || line.resource === resource) feed.push(line);
    });
    this.#feeds.add(feed);
    if (!follow || signal?.aborted === true) end();
    else signal?.addEventListener("abort", end, { once: true });
    return behind(before, feed);
  }

  /** The app is over: nobody waits for lines any more. */
  end(): void {
    for (const feed of this.#feeds) feed.end();
  }
}

async function* behind(before: readonly LogLine[], feed: Feed<LogLine>): AsyncGenerator<LogLine> {
  try {
    yield* before;
    yield* feed;
  } finally {
    feed.end();
  }
}

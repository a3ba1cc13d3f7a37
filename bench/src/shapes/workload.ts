import type { BenchClient } from "../clients/contender.ts";
import { keys } from "./dataset.ts";

/** What a workload counts while it runs. */
export interface Tally {
  ops: number;
  /** Set by whoever measures: the workload ends after its present command. */
  stop: boolean;
  /** When the last command ended, on the clock of `performance`, where so few end that their number alone would be rough. */
  lastAt: number | null;
  /** Milliseconds of single commands, where the workload times them; null while nothing is measured. */
  latencies: number[] | null;
}

/** Asks a client for something again and again, until it is told to stop. */
export type Workload<Client = BenchClient> = (client: Client, tally: Tally) => Promise<void>;

/** Keeps `count` commands in flight: each is followed by the next as soon as it is answered. */
export function inFlight<Client = BenchClient>(
  count: number,
  ask: (client: Client, key: string) => Promise<unknown>,
): Workload<Client> {
  return async (client, tally) => {
    const loop = async (start: number): Promise<void> => {
      for (let i = start; !tally.stop; i++) {
        await ask(client, keys[i % keys.length] as string);
        tally.ops++;
      }
    };
    await Promise.all(Array.from({ length: count }, (_, i) => loop(i * 7)));
  };
}

/** {@link inFlight} of few large values. */
export function largeInFlight(count: number, ask: (client: BenchClient) => Promise<unknown>): Workload {
  return async (client, tally) => {
    const loop = async (): Promise<void> => {
      while (!tally.stop) {
        await ask(client);
        tally.ops++;
        tally.lastAt = performance.now();
      }
    };
    await Promise.all(Array.from({ length: count }, loop));
  };
}

/** A thousand at once, then the next thousand. Every reply must be there. */
export function thousands(ask: (client: BenchClient) => Promise<unknown>): Workload {
  return async (client, tally) => {
    while (!tally.stop) {
      const replies = await ask(client);
      if (!Array.isArray(replies) || replies.length !== keys.length || replies.at(-1) == null)
        throw new Error("not all replies came");
      tally.ops += keys.length;
    }
  };
}

/** One command at a time, each timed. */
export function oneByOne(
  ...asks: readonly ((client: BenchClient, key: string) => Promise<unknown>)[]
): Workload {
  return async (client, tally) => {
    for (let i = 0; !tally.stop; i++) {
      for (const ask of asks) {
        const start = performance.now();
        await ask(client, keys[i % keys.length] as string);
        tally.latencies?.push(performance.now() - start);
        tally.ops++;
      }
    }
  };
}

/** Fails unless a value has the length that was stored. */
export async function ofLength(length: number, reply: Promise<unknown>): Promise<void> {
  const value = (await reply) as { readonly length: number };
  if (value.length !== length) throw new Error(`a value of ${value.length} instead of ${length} came`);
}

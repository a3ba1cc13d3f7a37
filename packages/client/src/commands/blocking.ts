import type { Command, RedisArgument } from "./command.ts";
import { asWord } from "./keys.ts";

/** Where a command says how long it waits for something to come, and in which unit. */
interface Place {
  readonly at: (args: readonly RedisArgument[]) => number;
  /** In ms. */
  readonly unit: number;
}

const seconds = 1000;
const first: Place = { at: () => 0, unit: seconds };
const last: Place = { at: (args) => args.length - 1, unit: seconds };
const fifth: Place = { at: () => 4, unit: seconds };
const afterBlock: Place = {
  at: (args) => args.findIndex((_, i) => i > 0 && asWord(args[i - 1]) === "BLOCK"),
  unit: 1,
};

/** Source: the descriptions of the commands. */
const places: ReadonlyMap<string, Place> = new Map([
  ["BLMOVE", fifth],
  ["BLMOVEM", fifth],
  ["BLMPOP", first],
  ["BLPOP", last],
  ["BRPOP", last],
  ["BRPOPLPUSH", last],
  ["BZMPOP", first],
  ["BZPOPMAX", last],
  ["BZPOPMIN", last],
  ["TS.READ", afterBlock],
  ["XREAD", afterBlock],
  ["XREADGROUP", afterBlock],
]);

/**
 * For how long a command waits for something to come, ms; 0: for ever. null: it does not, or it waits for its own
 * connection (`WAIT`), so that no other may carry it out.
 */
export function blockingTime({ spec, args }: Command<unknown>): number | null {
  const place = spec.blocking ? places.get(spec.name) : undefined;
  const at = place?.at(args) ?? -1;
  return place === undefined || at < 0 ? null : Math.max(0, Number(args[at]) || 0) * place.unit;
}

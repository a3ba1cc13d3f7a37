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
/** Behind the word BLOCK among the options, which begin at `from` and end with STREAMS: names may be such words, too. */
const afterBlock = (from: number): Place => ({
  at: (args) => {
    const at = args.findIndex((arg, i) => i >= from && /^(BLOCK|STREAMS)$/.test(asWord(arg)));
    return at >= 0 && asWord(args[at]) === "BLOCK" ? at + 1 : -1;
  },
  unit: 1,
});

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
  ["TS.READ", afterBlock(2)],
  ["XREAD", afterBlock(0)],
  ["XREADGROUP", afterBlock(3)],
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

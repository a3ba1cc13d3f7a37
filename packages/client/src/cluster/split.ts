import type { Command, RedisArgument } from "../commands/command.ts";
import { RedoubtError } from "../errors.ts";
import { allKeysOf, slotOf } from "./slot.ts";

/**
 * Commands with many keys that mean the same when each slot gets its part: in no order, and not at one moment. Their
 * arguments are keys alone, each followed by `width - 1` arguments of its own.
 */
interface Divisible {
  readonly width: number;
  /** How the replies of the parts become one. */
  readonly join: (parts: readonly Part[], replies: readonly unknown[]) => unknown;
}

/** What one slot gets. */
export interface Part {
  readonly slot: number;
  readonly command: Command<unknown>;
  /** Which keys of the whole it has, counted from 0. */
  readonly places: readonly number[];
}

/** A command in parts, and how to read their replies as one. */
export interface Division {
  readonly parts: readonly Part[];
  readonly join: (replies: readonly unknown[]) => unknown;
}

const sum: Divisible["join"] = (_, replies) =>
  (replies as number[]).reduce((total, count) => total + count, 0);
const inPlaces: Divisible["join"] = (parts, replies) => {
  const whole: unknown[] = [];
  parts.forEach(({ places }, at) => {
    places.forEach((place, i) => {
      whole[place] = (replies[at] as unknown[])[i];
    });
  });
  return whole;
};

const divisible: ReadonlyMap<string, Divisible> = new Map<string, Divisible>([
  ["DEL", { width: 1, join: sum }],
  ["EXISTS", { width: 1, join: sum }],
  ["MGET", { width: 1, join: inPlaces }],
  ["MSET", { width: 2, join: () => "OK" }],
  ["TOUCH", { width: 1, join: sum }],
  ["UNLINK", { width: 1, join: sum }],
]);

/**
 * Divides a command whose keys are in several slots.
 * @throws RedoubtError `REPLY_CROSS_SLOT` when it cannot be divided; nothing has been sent
 */
export function divide(command: Command<unknown>): Division {
  const how = divisible.get(command.spec.name);
  if (how === undefined) throw crossSlot(command);
  const bySlot = new Map<number, { args: RedisArgument[]; places: number[] }>();
  for (let place = 0; place * how.width < command.args.length; place++) {
    const args = command.args.slice(place * how.width, (place + 1) * how.width);
    const slot = slotOf(args[0] as RedisArgument);
    const part = bySlot.get(slot) ?? { args: [], places: [] };
    part.args.push(...args);
    part.places.push(place);
    bySlot.set(slot, part);
  }
  const parts = Array.from(bySlot, ([slot, { args, places }]) => ({
    slot,
    command: { ...command, args },
    places,
  }));
  return { parts, join: (replies) => how.join(parts, replies) };
}

function crossSlot(command: Command<unknown>): RedoubtError {
  const { name } = command.spec;
  const [first, ...others] = allKeysOf(command).map(slotOf);
  const other = others.findIndex((slot) => slot !== first);
  const message = `Keys 1 and ${other + 2} of ${name} belong to different slots of the cluster; nothing was sent`;
  return new RedoubtError("REPLY_CROSS_SLOT", message, { command: name });
}

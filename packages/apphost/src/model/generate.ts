import { randomInt } from "node:crypto";

/** How a value is made up. */
export interface GenerateRule {
  /** Characters, at least. Default 22. */
  readonly minLength?: number;
  /** Which characters may be in it. Default: all four classes. */
  readonly lower?: boolean;
  readonly upper?: boolean;
  readonly numeric?: boolean;
  readonly special?: boolean;
  /** How many of a class there must be. Default 0. */
  readonly minLower?: number;
  readonly minUpper?: number;
  readonly minNumeric?: number;
  readonly minSpecial?: number;
}

/** Letters that are taken for others are left out (i, l, o); specials are those that need no escape in most places. Upstream's. */
const classes = [
  { on: "lower", least: "minLower", characters: "abcdefghjkmnpqrstuvwxyz" },
  { on: "upper", least: "minUpper", characters: "ABCDEFGHJKMNPQRSTUVWXYZ" },
  { on: "numeric", least: "minNumeric", characters: "0123456789" },
  { on: "special", least: "minSpecial", characters: "-_.{}~()*+!" },
] as const;

const defaultLength = 22;

/**
 * Makes up a value. Each character is drawn from the system's source of randomness.
 * @throws RangeError for a rule that cannot be met: no class, or a least count of a class that is off
 */
export function generate(rule: GenerateRule = {}): string {
  const allowed = classes.filter(({ on }) => rule[on] ?? true);
  const off = classes.find(({ on, least }) => rule[on] === false && (rule[least] ?? 0) > 0);
  if (off !== undefined) throw new RangeError(`${off.least} asks for what ${off.on}: false forbids`);
  if (allowed.length === 0) throw new RangeError("a rule that allows no characters makes no value");
  const draw = (from: string) => from[randomInt(from.length)] ?? "";
  const characters = allowed.flatMap(({ least, characters: from }) =>
    Array.from({ length: rule[least] ?? 0 }, () => draw(from)),
  );
  const all = allowed.map(({ characters: from }) => from).join("");
  while (characters.length < (rule.minLength ?? defaultLength)) characters.push(draw(all));
  for (let last = characters.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] ?? "", characters[last] ?? ""];
  }
  return characters.join("");
}

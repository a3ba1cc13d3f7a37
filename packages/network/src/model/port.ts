import { IntervalSet } from "./intervals.ts";

/** Every port. */
export const everyPort: IntervalSet = IntervalSet.of([0, 65_535]);

/** Ports from one to another, both included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Reads `*`, `443`, `80-443`, and lists of them with commas. `null` for anything else. */
export function portSet(text: string): IntervalSet | null {
  const sets = text.split(",").map((part) => {
    const trimmed = part.trim();
    if (trimmed === "*") return everyPort;
    const [, from, to = from] = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(trimmed) ?? [];
    if (from === undefined || Number(to) > 65_535 || Number(to) < Number(from)) return null;
    return IntervalSet.of([Number(from), Number(to)]);
  });
  return sets.includes(null) ? null : IntervalSet.union(sets.filter((set) => set !== null));
}

/** `80, 443` or `13000-13999`. */
export function portsText(set: IntervalSet): string {
  if (set.equals(everyPort)) return "*";
  return set
    .intervals()
    .map(([first, last]) => (first === last ? String(first) : `${first}-${last}`))
    .join(", ");
}

/** The set of some ranges. */
export function rangesSet(ranges: readonly PortRange[]): IntervalSet {
  return IntervalSet.of(...ranges.map(({ from, to }) => [from, to] as const));
}

/**
 * A set of whole numbers, kept as closed intervals that are sorted and do not touch. IPv4 addresses and ports are such sets.
 * It never changes: every operation gives a new one, or one of the two where nothing changes.
 */
export class IntervalSet {
  /** First and last of each interval in turn. */
  readonly #bounds: readonly number[];

  private constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
  }

  static readonly empty: IntervalSet = new IntervalSet([]);

  /** The set of these intervals, in any order, overlapping or not; one whose last is below its first is empty. */
  static of(...intervals: readonly (readonly [first: number, last: number])[]): IntervalSet {
    const sorted = intervals.filter(([first, last]) => last >= first).toSorted((a, b) => a[0] - b[0]);
    const bounds: number[] = [];
    for (const [first, last] of sorted) {
      const end = bounds.at(-1);
      if (end !== undefined && first <= end + 1) bounds[bounds.length - 1] = Math.max(end, last);
      else bounds.push(first, last);
    }
    return bounds.length === 0 ? IntervalSet.empty : new IntervalSet(bounds);
  }

  static union(sets: readonly IntervalSet[]): IntervalSet {
    return IntervalSet.of(...sets.flatMap((set) => set.intervals()));
  }

  get isEmpty(): boolean {
    return this.#bounds.length === 0;
  }

  /** How many numbers there are. */
  get size(): number {
    return this.intervals().reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  /** The smallest number, `undefined` of the empty set. */
  get first(): number | undefined {
    return this.#bounds[0];
  }

  intervals(): (readonly [first: number, last: number])[] {
    const found: (readonly [number, number])[] = [];
    for (let at = 0; at < this.#bounds.length; at += 2)
      found.push([this.#bounds[at] as number, this.#bounds[at + 1] as number]);
    return found;
  }

  has(value: number): boolean {
    return this.intersects(IntervalSet.of([value, value]));
  }

  /** What is in both. */
  and(other: IntervalSet): IntervalSet {
    const [a, b] = [this.#bounds, other.#bounds];
    const bounds: number[] = [];
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      const first = Math.max(a[i] as number, b[j] as number);
      const last = Math.min(a[i + 1] as number, b[j + 1] as number);
      if (first <= last) bounds.push(first, last);
      if ((a[i + 1] as number) < (b[j + 1] as number)) i += 2;
      else j += 2;
    }
    return bounds.length === 0 ? IntervalSet.empty : new IntervalSet(bounds);
  }

  /** What is in this one and not in the other. */
  without(other: IntervalSet): IntervalSet {
    if (!this.intersects(other)) return this;
    const [a, b] = [this.#bounds, other.#bounds];
    const bounds: number[] = [];
    for (let i = 0, j = 0; i < a.length; i += 2) {
      let from = a[i] as number;
      const last = a[i + 1] as number;
      while (j < b.length && (b[j + 1] as number) < from) j += 2;
      for (let k = j; k < b.length && (b[k] as number) <= last; k += 2) {
        if ((b[k] as number) > from) bounds.push(from, (b[k] as number) - 1);
        from = Math.max(from, (b[k + 1] as number) + 1);
      }
      if (from <= last) bounds.push(from, last);
    }
    return bounds.length === 0 ? IntervalSet.empty : new IntervalSet(bounds);
  }

  intersects(other: IntervalSet): boolean {
    const [a, b] = [this.#bounds, other.#bounds];
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      if (Math.max(a[i] as number, b[j] as number) <= Math.min(a[i + 1] as number, b[j + 1] as number))
        return true;
      if ((a[i + 1] as number) < (b[j + 1] as number)) i += 2;
      else j += 2;
    }
    return false;
  }

  /** Whether all of the other is in this one. */
  covers(other: IntervalSet): boolean {
    return other.without(this).isEmpty;
  }

  equals(other: IntervalSet): boolean {
    return (
      this.#bounds.length === other.#bounds.length &&
      this.#bounds.every((bound, at) => bound === other.#bounds[at])
    );
  }
}

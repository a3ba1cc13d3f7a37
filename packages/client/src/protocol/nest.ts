import { asSent } from "./reply.ts";
import { Gathered } from "./typed.ts";

// The kinds of aggregates.
export const array = 0;
export const map = 1;
export const object = 2;
export const push = 3;
export const attribute = 4;
/** Mostly an array, see {@link kindIn}. */
export const set = 5;
const typedMap = 6;

/** What a kind on the wire is built as: sets are arrays, unless every value is to keep its type. */
export function kindIn(mode: number, kind: number): number {
  const isTyped = (mode & asSent) === asSent;
  if (kind === set) return isTyped ? set : array;
  return kind === map && isTyped ? typedMap : kind;
}

/** Up to this count an array is made in its final size; a longer one grows with its elements: counts may lie. */
const trustedCount = 4096;

/**
 * The aggregates that have begun and are not complete, outermost first. A stack of our own, so that a hostile depth
 * cannot exhaust the one of calls; its columns are arrays, so that an aggregate costs no object besides itself.
 */
export class Nest {
  /** How many are open. */
  depth = 0;
  /** Whether the next value is the key of a pair. */
  expectsKey = false;
  readonly kinds: number[] = [];
  /** What is being filled: an array, a Map, an object without prototype. */
  readonly holders: unknown[] = [];
  /** How many values each needs, keys included. */
  readonly counts: number[] = [];
  /** How many it has. */
  readonly filled: number[] = [];
  readonly keys: unknown[] = [];

  /** Begins an aggregate of so many values. */
  open(kind: number, total: number): void {
    const depth = this.depth++;
    this.kinds[depth] = kind;
    this.holders[depth] = emptyHolder(kind, total);
    this.counts[depth] = total;
    this.filled[depth] = 0;
    this.expectsKey = kind === map || kind === object;
  }

  /** Puts a value into the innermost. @returns whether that completed it */
  put(value: unknown): boolean {
    const top = this.depth - 1;
    const kind = this.kinds[top] as number;
    const index = this.filled[top] as number;
    this.filled[top] = index + 1;
    if (kind === array || kind === push) (this.holders[top] as unknown[])[index] = value;
    else if (kind !== attribute) this.#putPair(top, kind, index, value);
    return index + 1 === this.counts[top];
  }

  /** Takes the innermost off. */
  close(): unknown {
    const top = --this.depth;
    const closed = this.holders[top];
    this.holders[top] = undefined;
    this.expectsKey = top > 0 && this.#keyIsNext(top - 1);
    return closed;
  }

  #putPair(top: number, kind: number, index: number, value: unknown): void {
    if (kind >= set) {
      (this.holders[top] as Gathered).values.push(value);
      return;
    }
    if (index % 2 === 0) {
      this.keys[top] = value;
      this.expectsKey = false;
      return;
    }
    const key = this.keys[top];
    if (kind === map) (this.holders[top] as Map<unknown, unknown>).set(key, value);
    else (this.holders[top] as Record<string, unknown>)[String(key)] = value;
    this.expectsKey = true;
  }

  #keyIsNext(top: number): boolean {
    const kind = this.kinds[top];
    return (kind === map || kind === object) && (this.filled[top] as number) % 2 === 0;
  }
}

/** What an aggregate of a kind begins as, and is when it has no values. */
export function emptyHolder(kind: number, total: number): unknown {
  if (kind === map) return new Map();
  if (kind >= set) return new Gathered(kind === set ? "set" : "map");
  if (kind === object) return Object.create(null);
  return new Array(total <= trustedCount && kind !== attribute ? total : 0);
}

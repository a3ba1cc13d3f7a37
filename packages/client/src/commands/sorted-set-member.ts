import { type Double, pairs, toNumber } from "./decode.ts";

/** A member of a sorted set with its score. */
export interface SortedSetMember {
  readonly value: string;
  readonly score: number;
}

/** Members with scores: a flat list in RESP2, a list of pairs in RESP3 and from ZMPOP. */
export function toMembers(reply: readonly unknown[]): SortedSetMember[] {
  return pairs(reply, toMember);
}

/** One member, or null from an empty reply. */
export function toMemberOrNull(reply: readonly unknown[]): SortedSetMember | null {
  return toMembers(reply)[0] ?? null;
}

function toMember(value: string, score: Double): SortedSetMember {
  return { value, score: toNumber(score) };
}

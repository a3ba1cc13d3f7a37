import type { RedisArgument } from "./command.ts";
import { type Double, type Text, toNumber } from "./decode.ts";

/** What the commands that search by place have in common: how to search, and what they answer. */

export type GeoUnits = "m" | "km" | "mi" | "ft";

/** A place, in degrees. */
export interface GeoCoordinates {
  readonly longitude: RedisArgument;
  readonly latitude: RedisArgument;
}

/** Options of every search. */
export interface GeoSearchOptions {
  /** By distance; default: no order. */
  readonly SORT?: "ASC" | "DESC" | undefined;
  /** How many at most; `ANY`: the first that are found instead of the nearest. */
  readonly COUNT?: number | { readonly value: number; readonly ANY?: boolean | undefined } | undefined;
}

/** What to tell beside the member. */
export type GeoReplyWith = "WITHDIST" | "WITHHASH" | "WITHCOORD";

/** A member found, with what was asked for. */
export interface GeoReplyWithMember {
  readonly member: string;
  readonly distance?: number;
  readonly hash?: number;
  readonly coordinates?: { readonly longitude: number; readonly latitude: number };
}

/** The options as arguments. */
export function searchOptions(options: GeoSearchOptions = {}): RedisArgument[] {
  const args: RedisArgument[] = [];
  const { SORT, COUNT } = options;
  if (SORT !== undefined) args.push(SORT);
  if (typeof COUNT === "number") args.push("COUNT", COUNT);
  else if (COUNT !== undefined) args.push("COUNT", COUNT.value, ...(COUNT.ANY ? ["ANY"] : []));
  return args;
}

/** Reads members with what was asked for: distance, hash and place, always in this order. */
export function toMembersWith(replyWith: readonly GeoReplyWith[]) {
  return (reply: readonly (readonly unknown[])[]): GeoReplyWithMember[] =>
    reply.map(([member, ...rest]) => {
      const next = (word: GeoReplyWith) => (replyWith.includes(word) ? rest.shift() : undefined);
      const [distance, hash, place] = [next("WITHDIST"), next("WITHHASH"), next("WITHCOORD")];
      return {
        member: member as string,
        ...(distance !== undefined && { distance: toNumber(distance as Double) }),
        ...(hash !== undefined && { hash: hash as number }),
        ...(place !== undefined && { coordinates: toCoordinates(place as [Double, Double]) }),
      };
    });
}

/** A place of a reply. */
export function toCoordinates([longitude, latitude]: readonly [Double, Double]): {
  longitude: number;
  latitude: number;
} {
  return { longitude: toNumber(longitude), latitude: toNumber(latitude) };
}

/** A distance of a reply, which is text in both protocols. */
export function toDistance(reply: Text | null): number | null {
  return reply === null ? null : toNumber(reply);
}

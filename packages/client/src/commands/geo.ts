import { type OneOrMore, onlyOne, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import type { Double } from "./decode.ts";
import {
  type GeoCoordinates,
  type GeoReplyWith,
  type GeoReplyWithMember,
  type GeoSearchOptions,
  type GeoUnits,
  searchOptions,
  toCoordinates,
  toDistance,
  toMembersWith,
} from "./geo-reply.ts";
import { keysFrom } from "./keys.ts";

const GEOADD = spec("GEOADD");
const GEODIST = spec("GEODIST", { readonly: true });
const GEOHASH = spec("GEOHASH", { readonly: true });
const GEOPOS = spec("GEOPOS", { readonly: true });
const GEOSEARCH = spec("GEOSEARCH", { readonly: true });
const GEOSEARCHSTORE = spec("GEOSEARCHSTORE", { keys: keysFrom(0, 1) });

/** A member to add at a place. */
export interface GeoMember extends GeoCoordinates {
  readonly member: RedisArgument;
}

/** Options of {@link geoAdd}: either `condition` or one of `NX` and `XX`. */
export interface GeoAddOptions {
  /** `NX`: only new members; `XX`: only existing ones. */
  readonly condition?: "NX" | "XX" | undefined;
  readonly NX?: boolean | undefined;
  readonly XX?: boolean | undefined;
  /** Count changed members, too. */
  readonly CH?: boolean | undefined;
}

/** Where to search from: a member, or a place. */
export type GeoSearchFrom = RedisArgument | GeoCoordinates;

/** The area to search. */
export type GeoSearchBy =
  | { readonly radius: number; readonly unit: GeoUnits }
  | { readonly width: number; readonly height: number; readonly unit: GeoUnits };

/** Options of {@link geoSearchStore}. */
export interface GeoSearchStoreOptions extends GeoSearchOptions {
  /** Store distances as scores instead of places. */
  readonly STOREDIST?: boolean | undefined;
}

/** Adds members or moves them; answers how many are new (or, with `CH`, new or moved). */
export function geoAdd(
  key: RedisArgument,
  toAdd: OneOrMore<GeoMember>,
  options: GeoAddOptions = {},
): Command<number> {
  const { condition, NX, XX } = options;
  const args: RedisArgument[] = [key];
  const given = onlyOne(GEOADD, { condition, NX: NX && "NX", XX: XX && "XX" });
  if (given !== undefined) args.push(given);
  if (options.CH) args.push("CH");
  for (const { longitude, latitude, member } of several(GEOADD, "toAdd", toAdd))
    args.push(longitude, latitude, member);
  return command(GEOADD, args);
}

/** The distance of two members, in metres unless `unit` says otherwise; null when one is absent. */
export function geoDist(
  key: RedisArgument,
  member1: RedisArgument,
  member2: RedisArgument,
  unit?: GeoUnits,
): Command<number | null> {
  const args = [key, member1, member2];
  return command(GEODIST, unit === undefined ? args : [...args, unit], toDistance);
}

/** The geohash of each member; null for each that is absent. */
export function geoHash(key: RedisArgument, member: OneOrMore): Command<(string | null)[]> {
  return command(GEOHASH, [key, ...several(GEOHASH, "member", member)]);
}

/** The place of each member; null for each that is absent. */
export function geoPos(
  key: RedisArgument,
  member: OneOrMore,
): Command<({ readonly longitude: number; readonly latitude: number } | null)[]> {
  return command(
    GEOPOS,
    [key, ...several(GEOPOS, "member", member)],
    (reply: readonly ([Double, Double] | null)[]) => reply.map((place) => place && toCoordinates(place)),
  );
}

/** The members in an area. */
export function geoSearch(
  key: RedisArgument,
  from: GeoSearchFrom,
  by: GeoSearchBy,
  options?: GeoSearchOptions,
): Command<string[]> {
  return command(GEOSEARCH, [key, ...area(from, by), ...searchOptions(options)]);
}

/** {@link geoSearch} with distance, hash or place. */
export function geoSearchWith(
  key: RedisArgument,
  from: GeoSearchFrom,
  by: GeoSearchBy,
  replyWith: readonly GeoReplyWith[],
  options?: GeoSearchOptions,
): Command<GeoReplyWithMember[]> {
  const args = [key, ...area(from, by), ...searchOptions(options), ...replyWith];
  return command(GEOSEARCH, args, toMembersWith(replyWith));
}

/** {@link geoSearch} into a sorted set; answers its size. */
export function geoSearchStore(
  destination: RedisArgument,
  source: RedisArgument,
  from: GeoSearchFrom,
  by: GeoSearchBy,
  options: GeoSearchStoreOptions = {},
): Command<number> {
  const args = [destination, source, ...area(from, by), ...searchOptions(options)];
  if (options.STOREDIST) args.push("STOREDIST");
  return command(GEOSEARCHSTORE, args);
}

function area(from: GeoSearchFrom, by: GeoSearchBy): RedisArgument[] {
  const args: RedisArgument[] =
    typeof from === "object" && "longitude" in from
      ? ["FROMLONLAT", from.longitude, from.latitude]
      : ["FROMMEMBER", from];
  if ("radius" in by) args.push("BYRADIUS", by.radius, by.unit);
  else args.push("BYBOX", by.width, by.height, by.unit);
  return args;
}

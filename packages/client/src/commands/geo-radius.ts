import { type Command, type CommandSpec, command, type RedisArgument, spec } from "./command.ts";
import {
  type GeoCoordinates,
  type GeoReplyWith,
  type GeoReplyWithMember,
  type GeoSearchOptions,
  type GeoUnits,
  searchOptions,
  toMembersWith,
} from "./geo-reply.ts";
import { asWord, type KeyFinder } from "./keys.ts";

/** The older commands that search around a place or a member. Redis advises `geoSearch` and `geoSearchStore`. */

const GEORADIUS = spec("GEORADIUS", { keys: sourceAndStore(5) });
const GEORADIUS_RO = spec("GEORADIUS_RO", { readonly: true });
const GEORADIUSBYMEMBER = spec("GEORADIUSBYMEMBER", { keys: sourceAndStore(4) });
const GEORADIUSBYMEMBER_RO = spec("GEORADIUSBYMEMBER_RO", { readonly: true });

/** Options of {@link geoRadiusStore} and {@link geoRadiusByMemberStore}. */
export interface GeoRadiusStoreOptions extends GeoSearchOptions {
  /** Store distances as scores instead of places. */
  readonly STOREDIST?: boolean | undefined;
}

/** The members around a place. */
export function geoRadius(
  key: RedisArgument,
  from: GeoCoordinates,
  radius: number,
  unit: GeoUnits,
  options?: GeoSearchOptions,
): Command<string[]> {
  return command(GEORADIUS, [key, ...around(from, radius, unit), ...searchOptions(options)]);
}

/** {@link geoRadius} that a replica may answer. */
export function geoRadiusRo(
  key: RedisArgument,
  from: GeoCoordinates,
  radius: number,
  unit: GeoUnits,
  options?: GeoSearchOptions,
): Command<string[]> {
  return command(GEORADIUS_RO, [key, ...around(from, radius, unit), ...searchOptions(options)]);
}

/** {@link geoRadius} with distance, hash or place. */
export function geoRadiusWith(
  key: RedisArgument,
  from: GeoCoordinates,
  radius: number,
  unit: GeoUnits,
  replyWith: readonly GeoReplyWith[],
  options?: GeoSearchOptions,
): Command<GeoReplyWithMember[]> {
  return found(GEORADIUS, [key, ...around(from, radius, unit)], replyWith, options);
}

/** {@link geoRadiusWith} that a replica may answer. */
export function geoRadiusRoWith(
  key: RedisArgument,
  from: GeoCoordinates,
  radius: number,
  unit: GeoUnits,
  replyWith: readonly GeoReplyWith[],
  options?: GeoSearchOptions,
): Command<GeoReplyWithMember[]> {
  return found(GEORADIUS_RO, [key, ...around(from, radius, unit)], replyWith, options);
}

/** {@link geoRadius} into a sorted set; answers its size. */
export function geoRadiusStore(
  key: RedisArgument,
  from: GeoCoordinates,
  radius: number,
  unit: GeoUnits,
  destination: RedisArgument,
  options: GeoRadiusStoreOptions = {},
): Command<number> {
  return stored(GEORADIUS, [key, ...around(from, radius, unit)], destination, options);
}

/** The members around a member. */
export function geoRadiusByMember(
  key: RedisArgument,
  from: RedisArgument,
  radius: number,
  unit: GeoUnits,
  options?: GeoSearchOptions,
): Command<string[]> {
  return command(GEORADIUSBYMEMBER, [key, from, radius, unit, ...searchOptions(options)]);
}

/** {@link geoRadiusByMember} that a replica may answer. */
export function geoRadiusByMemberRo(
  key: RedisArgument,
  from: RedisArgument,
  radius: number,
  unit: GeoUnits,
  options?: GeoSearchOptions,
): Command<string[]> {
  return command(GEORADIUSBYMEMBER_RO, [key, from, radius, unit, ...searchOptions(options)]);
}

/** {@link geoRadiusByMember} with distance, hash or place. */
export function geoRadiusByMemberWith(
  key: RedisArgument,
  from: RedisArgument,
  radius: number,
  unit: GeoUnits,
  replyWith: readonly GeoReplyWith[],
  options?: GeoSearchOptions,
): Command<GeoReplyWithMember[]> {
  return found(GEORADIUSBYMEMBER, [key, from, radius, unit], replyWith, options);
}

/** {@link geoRadiusByMemberWith} that a replica may answer. */
export function geoRadiusByMemberRoWith(
  key: RedisArgument,
  from: RedisArgument,
  radius: number,
  unit: GeoUnits,
  replyWith: readonly GeoReplyWith[],
  options?: GeoSearchOptions,
): Command<GeoReplyWithMember[]> {
  return found(GEORADIUSBYMEMBER_RO, [key, from, radius, unit], replyWith, options);
}

/** {@link geoRadiusByMember} into a sorted set; answers its size. */
export function geoRadiusByMemberStore(
  key: RedisArgument,
  from: RedisArgument,
  radius: number,
  unit: GeoUnits,
  destination: RedisArgument,
  options: GeoRadiusStoreOptions = {},
): Command<number> {
  return stored(GEORADIUSBYMEMBER, [key, from, radius, unit], destination, options);
}

function around(from: GeoCoordinates, radius: number, unit: GeoUnits): RedisArgument[] {
  return [from.longitude, from.latitude, radius, unit];
}

function found(
  of: CommandSpec,
  args: readonly RedisArgument[],
  replyWith: readonly GeoReplyWith[],
  options?: GeoSearchOptions,
): Command<GeoReplyWithMember[]> {
  return command(of, [...args, ...searchOptions(options), ...replyWith], toMembersWith(replyWith));
}

function stored(
  of: CommandSpec,
  args: readonly RedisArgument[],
  destination: RedisArgument,
  options: GeoRadiusStoreOptions,
): Command<number> {
  const how = options.STOREDIST ? "STOREDIST" : "STORE";
  return command(of, [...args, ...searchOptions(options), how, destination]);
}

/** The first argument, and the one after `STORE` or `STOREDIST`, which come after `options` others. */
function sourceAndStore(options: number): KeyFinder {
  return (args) => {
    const store = args.findIndex((arg, i) => i >= options && /^STORE(DIST)?$/.test(asWord(arg)));
    return store === -1 ? args.slice(0, 1) : [...args.slice(0, 1), ...args.slice(store + 1, store + 2)];
  };
}

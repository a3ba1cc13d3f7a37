import { type Command, command, type RedisArgument, spec } from "../command.ts";
import { type Double, type Mapping, toNumber, toObject } from "../decode.ts";
import { withoutMaps } from "./search-reply.ts";

const CONFIG_GET = spec("FT.CONFIG GET", { keys: null, readonly: true });
const CONFIG_SET = spec("FT.CONFIG SET", { keys: null });
const INFO = spec("FT.INFO", { keys: null, readonly: true, shape: "object" });
const TAGVALS = spec("FT.TAGVALS", { keys: null, readonly: true });

/** What there is to know of an index; newer servers say more. */
export interface IndexInfo {
  readonly index_name: string;
  readonly index_options: string[];
  readonly index_definition: Record<string, unknown>;
  /** The fields: `identifier`, `attribute`, `type` and options. */
  readonly attributes: Record<string, unknown>[];
  readonly num_docs: number;
  readonly num_terms: number;
  readonly num_records: number;
  readonly indexing: number;
  /** From 0 to 1. */
  readonly percent_indexed: number;
  readonly hash_indexing_failures: number;
  readonly gc_stats: Record<string, number>;
  readonly cursor_stats: Record<string, number>;
  readonly [more: string]: unknown;
}

/** Settings of the module; null where one has no value. Redis 8 advises `configGet`. */
export function configGet(option: RedisArgument): Command<Record<string, string | null>> {
  return command(CONFIG_GET, [option], (reply: Mapping) => toObject(reply));
}

/** Changes a setting of the module. Redis 8 advises `configSet`. */
export function configSet(property: RedisArgument, value: RedisArgument): Command<"OK"> {
  return command(CONFIG_SET, [property, value]);
}

/** What there is to know of an index. */
export function info(index: RedisArgument): Command<IndexInfo> {
  return command(INFO, [index], (reply: Record<string, unknown>, protocol) => {
    if (protocol === 2) mapsOfLists(reply);
    for (const name of Object.keys(reply)) reply[name] = withoutMaps(reply[name]);
    return reply as unknown as IndexInfo;
  });
}

/** The different values of a tag field. */
export function tagVals(index: RedisArgument, fieldName: RedisArgument): Command<string[]> {
  return command(TAGVALS, [index, fieldName]);
}

/** Fields of {@link IndexInfo} that are Maps in RESP3. */
const maps = ["index_definition", "gc_stats", "cursor_stats", "dialect_stats", "Index Errors"];

/** What is a number in RESP3 and text in RESP2, by how its name ends. */
const measure = /(_mb|_avg|_time|percent_indexed)$/;

/** Gives a reply of RESP2 the form that it has in RESP3. */
function mapsOfLists(reply: Record<string, unknown>): void {
  for (const name of maps) if (reply[name] !== undefined) reply[name] = toObject(reply[name] as Mapping);
  const statistics = reply["gc_stats"] as Record<string, Double> | undefined;
  if (statistics !== undefined)
    for (const name of Object.keys(statistics)) statistics[name] = toNumber(statistics[name] as Double);
  reply["attributes"] = ((reply["attributes"] ?? []) as readonly Mapping[]).map((each) => toObject(each));
  for (const name of Object.keys(reply))
    if (measure.test(name)) reply[name] = toNumber(reply[name] as Double);
}

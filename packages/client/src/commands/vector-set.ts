import type { Buffer } from "node:buffer";
import { double, isList } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type Double, type Mapping, type Text, toBoolean, toNumber, toNumbers, toObject } from "./decode.ts";

/** Elements with vectors, found by similarity. Redis 8. */

const VADD = spec("VADD");
const VCARD = spec("VCARD", { readonly: true });
const VDIM = spec("VDIM", { readonly: true });
const VEMB = spec("VEMB", { readonly: true });
const VEMB_RAW = spec("VEMB", { readonly: true, shape: "bytes" });
const VGETATTR = spec("VGETATTR", { readonly: true });
const VINFO = spec("VINFO", { readonly: true, shape: "object" });
const VISMEMBER = spec("VISMEMBER", { readonly: true });
const VLINKS = spec("VLINKS", { readonly: true });
const VRANDMEMBER = spec("VRANDMEMBER", { readonly: true });
const VRANGE = spec("VRANGE", { readonly: true });
const VREM = spec("VREM");
const VSETATTR = spec("VSETATTR");
const VSIM = spec("VSIM", { readonly: true });
const VSIM_WITHSCORES = spec("VSIM", { readonly: true, shape: "object" });

/** Options of {@link vAdd}. */
export interface VAddOptions {
  /** Reduce vectors to so many dimensions. */
  readonly REDUCE?: number | undefined;
  /** Find neighbours in a thread of its own. */
  readonly CAS?: boolean | undefined;
  readonly QUANT?: "NOQUANT" | "BIN" | "Q8" | undefined;
  /** How many candidates to look at; default 200. */
  readonly EF?: number | undefined;
  /** Attributes, which are sent as JSON. */
  readonly SETATTR?: object | undefined;
  /** How many neighbours each element has; default 16. */
  readonly M?: number | undefined;
}

/** Options of {@link vSim}. */
export interface VSimOptions {
  readonly COUNT?: number | undefined;
  /** How far away an element may be, from 0 to 1. */
  readonly EPSILON?: number | undefined;
  readonly EF?: number | undefined;
  /** An expression over attributes. */
  readonly FILTER?: RedisArgument | undefined;
  readonly "FILTER-EF"?: number | undefined;
  /** Look at all elements. */
  readonly TRUTH?: boolean | undefined;
  readonly NOTHREAD?: boolean | undefined;
}

/** A vector as it is kept. */
export interface RawVector {
  readonly quantization: string;
  readonly raw: Buffer;
  /** Its length before it was made one of length 1. */
  readonly l2Norm: number;
  /** Only with 8-bit quantization. */
  readonly quantizationRange?: number;
}

/** What there is to know of a vector set; newer servers say more. */
export interface VectorSetInfo {
  readonly "quant-type": string;
  readonly "vector-dim": number;
  readonly size: number;
  readonly "max-level": number;
  readonly "vset-uid": number;
  readonly "hnsw-max-node-uid": number;
  readonly [more: string]: unknown;
}

/** Adds an element or changes its vector; answers whether it is new. */
export function vAdd(
  key: RedisArgument,
  vector: readonly number[],
  element: RedisArgument,
  options: VAddOptions = {},
): Command<boolean> {
  const args: RedisArgument[] = [key];
  if (options.REDUCE !== undefined) args.push("REDUCE", options.REDUCE);
  args.push("VALUES", vector.length, ...vector.map(double), element);
  if (options.CAS) args.push("CAS");
  if (options.QUANT !== undefined) args.push(options.QUANT);
  if (options.EF !== undefined) args.push("EF", options.EF);
  if (options.SETATTR !== undefined) args.push("SETATTR", JSON.stringify(options.SETATTR));
  if (options.M !== undefined) args.push("M", options.M);
  return command(VADD, args, toBoolean);
}

/** How many elements there are. */
export function vCard(key: RedisArgument): Command<number> {
  return command(VCARD, [key]);
}

/** How many dimensions the vectors have. */
export function vDim(key: RedisArgument): Command<number> {
  return command(VDIM, [key]);
}

/** The vector of an element, about; null without it. */
export function vEmb(key: RedisArgument, element: RedisArgument): Command<number[] | null> {
  return command(VEMB, [key, element], (reply: readonly Double[] | null) => reply && toNumbers(reply));
}

/** The vector of an element as it is kept. */
export function vEmbRaw(key: RedisArgument, element: RedisArgument): Command<RawVector | null> {
  return command(VEMB_RAW, [key, element, "RAW"], (reply: RawEmbedding | null) => {
    if (reply === null) return null;
    const [quantization, raw, l2Norm, range] = reply;
    return {
      quantization: String(quantization),
      raw,
      l2Norm: toNumber(l2Norm),
      ...(range !== undefined && { quantizationRange: toNumber(range) }),
    };
  });
}

/** The attributes of an element, parsed from JSON; null without any. */
export function vGetAttr(key: RedisArgument, element: RedisArgument): Command<unknown> {
  return command(VGETATTR, [key, element], (reply: Text | null) => reply && JSON.parse(String(reply)));
}

/** What there is to know of the set; null without the key. */
export function vInfo(key: RedisArgument): Command<VectorSetInfo | null> {
  return command(VINFO, [key]);
}

/** Whether it is an element. Redis 8.2. */
export function vIsMember(key: RedisArgument, element: RedisArgument): Command<boolean> {
  return command(VISMEMBER, [key, element], toBoolean);
}

/** The neighbours of an element in each layer. */
export function vLinks(key: RedisArgument, element: RedisArgument): Command<string[][] | null> {
  return command(VLINKS, [key, element]);
}

/** {@link vLinks} with similarities. */
export function vLinksWithScores(
  key: RedisArgument,
  element: RedisArgument,
): Command<Record<string, number>[] | null> {
  return command(
    VLINKS,
    [key, element, "WITHSCORES"],
    (reply: readonly Mapping[] | null) => reply && reply.map((layer) => toObject(layer, toNumber)),
  );
}

/** Some element, or with `count` so many (negative: with repeats); null or none without the key. */
export function vRandMember(key: RedisArgument, count?: number): Command<string | string[] | null> {
  return command(VRANDMEMBER, count === undefined ? [key] : [key, count]);
}

/** The elements between two in byte order (`"[a"` included, `"(a"` excluded, `"-"` and `"+"` the ends). Redis 8.4. */
export function vRange(
  key: RedisArgument,
  start: RedisArgument,
  end: RedisArgument,
  count?: number,
): Command<string[]> {
  return command(VRANGE, count === undefined ? [key, start, end] : [key, start, end, count]);
}

/** Removes an element; answers whether it was there. */
export function vRem(key: RedisArgument, element: RedisArgument): Command<boolean> {
  return command(VREM, [key, element], toBoolean);
}

/** Sets the attributes of an element: an object, sent as JSON, or JSON (empty: none). */
export function vSetAttr(
  key: RedisArgument,
  element: RedisArgument,
  attributes: RedisArgument | object,
): Command<boolean> {
  const isPlain = typeof attributes === "object" && !(attributes instanceof Uint8Array);
  const json = isPlain ? JSON.stringify(attributes) : attributes;
  return command(VSETATTR, [key, element, json as RedisArgument], toBoolean);
}

/** The elements most similar to a vector or to an element. */
export function vSim(
  key: RedisArgument,
  query: RedisArgument | readonly number[],
  options?: VSimOptions,
): Command<string[]> {
  return command(VSIM, similarTo(key, query, options));
}

/** {@link vSim} with similarities, from 0 to 1. */
export function vSimWithScores(
  key: RedisArgument,
  query: RedisArgument | readonly number[],
  options?: VSimOptions,
): Command<Record<string, number>> {
  const args = [...similarTo(key, query, options), "WITHSCORES"];
  return command(VSIM_WITHSCORES, args, (reply: Record<string, Double>) => {
    for (const element of Object.keys(reply)) reply[element] = toNumber(reply[element] as Double);
    return reply as Record<string, number>;
  });
}

type RawEmbedding = readonly [quantization: Buffer, raw: Buffer, l2Norm: Double, range?: Double];

function similarTo(
  key: RedisArgument,
  query: RedisArgument | readonly number[],
  options: VSimOptions = {},
): RedisArgument[] {
  const args: RedisArgument[] = isList(query)
    ? [key, "VALUES", query.length, ...(query as readonly number[]).map(double)]
    : [key, "ELE", query];
  for (const name of ["COUNT", "EPSILON", "EF", "FILTER", "FILTER-EF"] as const) {
    const value = options[name];
    if (value !== undefined) args.push(name, value);
  }
  if (options.TRUTH) args.push("TRUTH");
  if (options.NOTHREAD) args.push("NOTHREAD");
  return args;
}

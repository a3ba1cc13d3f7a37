import { createHash } from "node:crypto";
import { TemplateFault } from "./expression.ts";

type Pure = (...args: readonly unknown[]) => unknown;

const text = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new TemplateFault(`A text was expected, not ${JSON.stringify(value)}.`);
};

const list = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new TemplateFault(`An array was expected, not ${JSON.stringify(value)}.`);
};

const hash = (...parts: readonly unknown[]): Buffer =>
  createHash("sha256").update(parts.map(text).join("-")).digest();

/** Thirteen characters, as Azure's; another hash than Azure's, which nobody may rely on. */
function uniqueString(...parts: readonly unknown[]): string {
  return [...hash(...parts).subarray(0, 13)]
    .map((byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte % 32])
    .join("");
}

/** A GUID that is always the same for the same texts. */
export function guid(...parts: readonly unknown[]): string {
  const hex = hash("guid", ...parts).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function union(...parts: readonly unknown[]): unknown {
  if (parts.every(Array.isArray)) return [...new Set(parts.flat())];
  return Object.assign({}, ...(parts as object[])) as unknown;
}

function isEmpty(value: unknown): boolean {
  if (value == null) return true;
  if (typeof value === "string" || Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function contains(whole: unknown, part: unknown): boolean {
  if (typeof whole === "string") return whole.includes(text(part));
  if (Array.isArray(whole)) return whole.some((each) => JSON.stringify(each) === JSON.stringify(part));
  return Object.keys((whole as object | null) ?? {}).some(
    (key) => key.toLowerCase() === text(part).toLowerCase(),
  );
}

function format(pattern: unknown, ...values: readonly unknown[]): string {
  return text(pattern).replaceAll(/\{\{|\}\}|\{(\d+)\}/g, (found, index: string | undefined) => {
    if (index === undefined) return found.slice(1);
    if (Number(index) >= values.length) throw new TemplateFault(`format: there is no value {${index}}.`);
    return text(values[Number(index)]);
  });
}

const ranked =
  (compare: (a: number | string, b: number | string) => boolean): Pure =>
  (a, b) =>
    compare(a as number | string, b as number | string);

/** Functions that need nothing but their arguments, by name in lower case. */
export const pure: Readonly<Record<string, Pure>> = {
  concat: (...parts) => (parts.some(Array.isArray) ? parts.flatMap(list) : parts.map(text).join("")),
  format,
  tolower: (value) => text(value).toLowerCase(),
  toupper: (value) => text(value).toUpperCase(),
  trim: (value) => text(value).trim(),
  take: (value, count) => (Array.isArray(value) ? value : text(value)).slice(0, Number(count)),
  skip: (value, count) => (Array.isArray(value) ? value : text(value)).slice(Number(count)),
  substring: (value, start, length) =>
    text(value).slice(Number(start), length === undefined ? undefined : Number(start) + Number(length)),
  replace: (value, from, to) => text(value).replaceAll(text(from), text(to)),
  split: (value, by) => text(value).split(text(by)),
  join: (value, by) => list(value).map(text).join(text(by)),
  length: (value) =>
    typeof value === "string" || Array.isArray(value) ? value.length : Object.keys(value as object).length,
  startswith: (value, start) => text(value).toLowerCase().startsWith(text(start).toLowerCase()),
  endswith: (value, end) => text(value).toLowerCase().endsWith(text(end).toLowerCase()),
  indexof: (value, part) => text(value).toLowerCase().indexOf(text(part).toLowerCase()),
  padleft: (value, width, filler = " ") => text(value).padStart(Number(width), text(filler)),
  string: (value) => (typeof value === "string" ? value : JSON.stringify(value)),
  int: (value) => Math.trunc(Number(value)),
  bool: (value) => value === true || value === 1 || String(value).toLowerCase() === "true",
  json: (value) => JSON.parse(text(value)) as unknown,
  base64: (value) => Buffer.from(text(value)).toString("base64"),
  base64tostring: (value) => Buffer.from(text(value), "base64").toString(),
  uri: (base, path) => new URL(text(path), text(base)).href,
  uricomponent: (value) => encodeURIComponent(text(value)),
  uricomponenttostring: (value) => decodeURIComponent(text(value)),
  uniquestring: uniqueString,
  guid,
  equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  not: (value) => value !== true,
  and: (...values) => values.every((value) => value === true),
  or: (...values) => values.some((value) => value === true),
  coalesce: (...values) => values.find((value) => value != null) ?? null,
  empty: isEmpty,
  contains,
  createarray: (...values) => values,
  createobject: (...pairs) =>
    Object.fromEntries(
      pairs.flatMap((key, at) => (at % 2 === 0 ? [[text(key), pairs[at + 1]]] : [])),
    ) as unknown,
  array: (value) => (Array.isArray(value) ? value : [value]),
  union,
  first: (value) => (typeof value === "string" || Array.isArray(value) ? (value[0] ?? null) : null),
  last: (value) => (typeof value === "string" || Array.isArray(value) ? (value.at(-1) ?? null) : null),
  items: (value) => Object.entries(value as object).map(([key, each]) => ({ key, value: each as unknown })),
  objectkeys: (value) => Object.keys(value as object),
  range: (start, count) => Array.from({ length: Number(count) }, (_, index) => Number(start) + index),
  add: (a, b) => Number(a) + Number(b),
  sub: (a, b) => Number(a) - Number(b),
  mul: (a, b) => Number(a) * Number(b),
  div: (a, b) => Math.trunc(Number(a) / Number(b)),
  mod: (a, b) => Number(a) % Number(b),
  min: (...values) => Math.min(...values.flat().map(Number)),
  max: (...values) => Math.max(...values.flat().map(Number)),
  greater: ranked((a, b) => a > b),
  greaterorequals: ranked((a, b) => a >= b),
  less: ranked((a, b) => a < b),
  lessorequals: ranked((a, b) => a <= b),
  null: () => null,
  true: () => true,
  false: () => false,
};

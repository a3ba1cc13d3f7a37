import type { Reply } from "@redoubt/server";

/** The fields of `INFO section` or `CLUSTER INFO`. */
export function fieldsOf(reply: Reply): Readonly<Record<string, string>> {
  const lines = String(reply)
    .split(/\r?\n/)
    .filter((line) => line.includes(":"));
  return Object.fromEntries(lines.map((line) => line.split(/:(.*)/, 2) as [string, string]));
}

/** A flat list of names and values as an object. */
export function pairsOf(reply: Reply): Readonly<Record<string, string>> {
  const flat = Array.isArray(reply) ? reply : [];
  return Object.fromEntries(
    flat.flatMap((key, at) => (at % 2 === 0 ? [[String(key), String(flat[at + 1] ?? "")]] : [])),
  );
}

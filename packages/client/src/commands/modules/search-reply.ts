import { type Mapping, type Text, toObject } from "../decode.ts";

/** What replies of the search commands have in common: documents, warnings, and Maps where RESP2 has lists. */

/** The fields of a document. What is kept under `$` is a JSON document, whose fields take its place. */
export function toDocument(reply: Mapping | null | undefined): Record<string, unknown> {
  const { $: json, ...fields } = toObject(reply ?? []);
  const parsed = json === undefined ? {} : parsedOr(json as Text);
  return Object.assign(Object.create(null) as Record<string, unknown>, fields, parsed);
}

/** One result of RESP3: what the document holds, and what was computed for it. */
export function toFields(row: Record<string, unknown>): Record<string, unknown> {
  return {
    ...toDocument(row["values"] as Mapping | undefined),
    ...toDocument(row["extra_attributes"] as Mapping | undefined),
  };
}

/** The warnings of RESP3; RESP2 does not tell. */
export function toWarnings(reply: Record<string, unknown>): string[] {
  return ((reply["warning"] ?? reply["warnings"] ?? []) as readonly unknown[]).map(String);
}

/** Maps as plain objects, all the way down. */
export function withoutMaps(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(withoutMaps);
  return reply instanceof Map ? toObject(reply, withoutMaps) : reply;
}

/** A JSON document; what is not one stays as it is, under `$`. */
function parsedOr(json: Text): object {
  try {
    const value: unknown = JSON.parse(String(json));
    return typeof value === "object" && value !== null ? value : { $: json };
  } catch {
    return { $: json };
  }
}

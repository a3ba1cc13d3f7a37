import { Buffer } from "node:buffer";
import { type Mapping, toObject } from "../../../src/commands/decode.ts";
import { call } from "./cases/call.ts";
import type { Case, ModuleCase } from "./cases/case.ts";

/** A reply as it is meant: plain objects are maps, {@link double}s doubles. */
export type Meant = unknown;

class Double {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A floating-point number: text in RESP2. */
export function double(value: number): Double {
  return new Double(value);
}

/** What RESP2 makes of a reply: maps are flat lists, doubles text. */
export function resp2(reply: Meant): unknown {
  if (reply instanceof Double) return String(reply.value).toLowerCase().replace("infinity", "inf");
  if (Array.isArray(reply)) return reply.map(resp2);
  return isMap(reply) ? Object.entries(reply).flatMap(([name, value]) => [name, resp2(value)]) : reply;
}

/** What RESP3 makes of a reply, as the decoder gives it. */
export function resp3(reply: Meant): unknown {
  if (reply instanceof Double) return reply.value;
  if (Array.isArray(reply)) return reply.map(resp3);
  return isMap(reply) ? new Map(Object.entries(reply).map(([name, value]) => [name, resp3(value)])) : reply;
}

/** What a command makes of a reply. The decoder has given it its shape before. */
export function ourValue(each: Case | ModuleCase, reply: unknown, protocol: 2 | 3): unknown {
  const { spec, decode } = call(each);
  const isObject = spec.shape === "object" && (Array.isArray(reply) || reply instanceof Map);
  const shaped = isObject ? toObject(reply as Mapping) : reply;
  return decode === null ? shaped : decode(shaped as never, protocol);
}

/** A reply as the decoder of node-redis gives it: objects for Maps. */
export function withObjects(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(withObjects);
  if (!(reply instanceof Map)) return reply;
  return Object.fromEntries([...reply].map(([key, value]) => [key, withObjects(value)]));
}

function isMap(reply: unknown): reply is Readonly<Record<string, unknown>> {
  return typeof reply === "object" && reply !== null && !Buffer.isBuffer(reply);
}

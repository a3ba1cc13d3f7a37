import { Buffer } from "node:buffer";
import { Gathered, Marked, type TypedReply } from "@redoubt/client/protocol";

/** What a reply is, in the words of redis-cli's formats. */
export type Shape =
  | {
      readonly type: "status" | "error" | "integer" | "double" | "bignumber" | "string" | "verbatim" | "bool";
      /** Byte text. */
      readonly text: string;
    }
  | { readonly type: "nil" }
  | { readonly type: "array" | "set" | "map"; readonly values: readonly TypedReply[] };

/** Looks at a reply. */
export function shapeOf(reply: TypedReply): Shape {
  if (reply === null) return { type: "nil" };
  if (typeof reply === "string") return { type: "status", text: Buffer.from(reply).toString("latin1") };
  if (typeof reply === "number" || typeof reply === "bigint") return { type: "integer", text: String(reply) };
  if (typeof reply === "boolean") return { type: "bool", text: String(reply) };
  if (Buffer.isBuffer(reply)) return { type: "string", text: reply.toString("latin1") };
  if (reply instanceof Marked) return { type: reply.kind, text: reply.bytes.toString("latin1") };
  if (reply instanceof Gathered) return { type: reply.kind, values: reply.values as readonly TypedReply[] };
  return { type: "array", values: reply as readonly TypedReply[] };
}

/** The text of an error reply (byte text); null for everything else. */
export function errorText(reply: TypedReply): string | null {
  return reply instanceof Marked && reply.kind === "error" ? reply.bytes.toString("latin1") : null;
}

/** The text of a string or status (byte text); null for everything else. */
export function plainText(reply: TypedReply | undefined): string | null {
  if (reply === undefined) return null;
  const shape = shapeOf(reply);
  return shape.type === "string" || shape.type === "status" || shape.type === "verbatim" ? shape.text : null;
}

/** The values of an array, a set or a map (keys and values in turn); none for everything else. */
export function elementsOf(reply: TypedReply | undefined): readonly TypedReply[] {
  if (reply === undefined) return [];
  const shape = shapeOf(reply);
  return "values" in shape ? shape.values : [];
}

/** The number that a reply is; 0 for everything else. */
export function numberOf(reply: TypedReply | undefined): number {
  if (typeof reply === "number") return reply;
  return typeof reply === "bigint" ? Number(reply) : 0;
}

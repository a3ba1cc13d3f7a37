import type { Buffer } from "node:buffer";
import { type ErrorCode, RedoubtError } from "../errors.ts";

/** Gives up a peer whose bytes cannot be believed. */
export function refuse(code: ErrorCode, message: string): never {
  throw new RedoubtError(code, message);
}

/** Gives up a peer that breaks the rules of the protocol. */
export function malformed(what: string): never {
  refuse("REPLY_PROTOCOL", `The peer sent ${what} that is not valid RESP`);
}

/**
 * Judges bytes where a reply should begin and no type does: other protocols are told by their first bytes. Returns when
 * they are too few to tell.
 * @throws RedoubtError `REPLY_NOT_REDIS`, `TLS_PEER_REQUIRES_TLS`, `REPLY_PROTOCOL`
 */
export function judgeStranger(bytes: Buffer): void {
  const start = bytes.toString("latin1", 0, 5);
  if (start === "HTTP/") refuse("REPLY_NOT_REDIS", "The peer speaks HTTP, not Redis");
  if ("HTTP/".startsWith(start)) return;
  const first = bytes[0] ?? 0;
  // Records of the types alert and handshake. Source: RFC 8446 section 5.1.
  if (first === 0x15 || first === 0x16)
    refuse("TLS_PEER_REQUIRES_TLS", "The peer answered with a TLS record");
  const byte = `0x${first.toString(16).padStart(2, "0")}`;
  refuse("REPLY_PROTOCOL", `The peer sent byte ${byte} where a reply begins`);
}

/** What a peer speaks, by the first byte that it sent. */
export type Speech = "tls" | "redis";

/** Type of a TLS record that holds a handshake message, RFC 8446 §5.1. */
const handshakeRecord = 0x16;

/** A TLS client begins with a handshake record; a Redis client with `*` or the letter of an inline command. */
export function speechOf(firstByte: number): Speech {
  return firstByte === handshakeRecord ? "tls" : "redis";
}

import { Buffer } from "node:buffer";
import type { Speech } from "../bytes/first-byte.ts";

/**
 * A fatal alert `handshake_failure` in plain text, which every TLS client understands at once: type 21, the version that
 * records carry (TLS 1.2, RFC 8446 §5.1), two bytes: fatal (2), handshake_failure (40).
 */
const alert = Buffer.from([21, 3, 3, 0, 2, 2, 40]);

/**
 * What a client that mistook the port is told in its own language, before the connection is closed.
 * @param speech what the client speaks, which is what the port does not
 * @param address `host:port` as the client should write it
 */
export function answerToMistake(speech: Speech, address: string): Buffer {
  if (speech === "tls") return alert;
  return Buffer.from(`-ERR this port speaks TLS: connect with rediss://${address}\r\n`);
}

import type { Buffer } from "node:buffer";
import type { ProxyReading } from "./header.ts";
import { readV1, v1Prefix } from "./v1.ts";
import { readV2, v2Signature } from "./v2.ts";

/**
 * Reads a PROXY header of either version from the first bytes of a connection. It can be asked again and again as bytes
 * arrive, and never needs more than 4096 of them.
 */
export function readProxyHeader(bytes: Buffer): ProxyReading {
  if (begins(bytes, v2Signature))
    return bytes.length < v2Signature.length ? { state: "more" } : readV2(bytes);
  if (begins(bytes, v1Prefix)) return bytes.length < v1Prefix.length ? { state: "more" } : readV1(bytes);
  return { state: "malformed", why: "no PROXY header" };
}

/** Whether the bytes begin like that, as far as they go. */
function begins(bytes: Buffer, prefix: Buffer): boolean {
  const shared = Math.min(bytes.length, prefix.length);
  return bytes.compare(prefix, 0, shared, 0, shared) === 0;
}

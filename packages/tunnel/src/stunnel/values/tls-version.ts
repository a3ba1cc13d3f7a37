import { ValueError } from "./value-error.ts";

const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

/** A version of TLS, or `all`. */
export type StunnelTlsVersion = (typeof versions)[number] | "all";

/** Reads a version, in any case. SSLv2 and SSLv3 are gone from OpenSSL 3. */
export function tlsVersion(text: string): StunnelTlsVersion {
  const lower = text.toLowerCase();
  const found = [...versions, "all" as const].find((version) => version.toLowerCase() === lower);
  if (found !== undefined) return found;
  const old = lower === "sslv2" || lower === "sslv3";
  throw new ValueError(
    old ? "This protocol version is broken, and OpenSSL no longer has it" : "Invalid protocol version",
    `Write one of: ${versions.join(", ")}, all.`,
  );
}

/** Reads the oldest version that is spoken: SSLv3, which is gone, leaves TLS 1.0. */
export function oldestTlsVersion(text: string): StunnelTlsVersion {
  return text.toLowerCase() === "sslv3" ? "TLSv1" : tlsVersion(text);
}

/** Whether the first version is above the second. */
export function isAbove(lowest: StunnelTlsVersion, highest: StunnelTlsVersion): boolean {
  if (lowest === "all" || highest === "all") return false;
  return versions.indexOf(lowest) > versions.indexOf(highest);
}

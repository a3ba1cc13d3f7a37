import type { Provider } from "./provider.ts";

/** Redis Cloud. TLS is a choice per database; every database has its own port. */
export const redisCloud: Provider = {
  name: "redis-cloud",
  title: "Redis Cloud",
  suffixes: [".redis-cloud.com", ".redislabs.com", ".rlrcp.com"],
  tlsPort: null,
  plainPort: null,
  tlsByDefault: () => false,
  speaksOnlyTls: () => false,
  idleLimitMs: null,
  notes: [
    "TLS is switched on per database in the Redis Cloud console.",
    "Redis Cloud signs with its own CA: download it and give sslrootcert.",
  ],
};

import type { Provider } from "./provider.ts";

/** Aiven for Caching, for Valkey and the former Aiven for Redis. Every service has its own port. */
export const aiven: Provider = {
  name: "aiven",
  title: "Aiven",
  suffixes: [".aivencloud.com"],
  tlsPort: null,
  plainPort: null,
  tlsByDefault: () => true,
  // A service may be set to plain text (`redis_ssl: false`).
  speaksOnlyTls: () => false,
  idleLimitMs: 300_000,
  notes: [
    "Aiven closes idle connections after `redis_timeout`, 300 seconds unless changed.",
    "A project may have its own CA: download it and give sslrootcert.",
  ],
};

import type { Provider } from "./provider.ts";

/** Amazon ElastiCache. Encryption is chosen when a cluster is made; serverless caches always encrypt. */
export const elasticache: Provider = {
  name: "elasticache",
  title: "Amazon ElastiCache",
  suffixes: [".cache.amazonaws.com", ".cache.amazonaws.com.cn"],
  tlsPort: 6379,
  plainPort: 6379,
  tlsByDefault: () => false,
  speaksOnlyTls: () => false,
  idleLimitMs: null,
  notes: [
    "ElastiCache is reachable only inside its VPC; a timeout means security group or VPC.",
    "Encryption in transit is fixed per cluster, and TLS and plain text use the same port.",
  ],
};

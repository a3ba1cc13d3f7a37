import type { Provider } from "./provider.ts";

/** Upstash: TLS only. */
export const upstash: Provider = {
  name: "upstash",
  title: "Upstash",
  suffixes: [".upstash.io"],
  tlsPort: 6379,
  plainPort: null,
  tlsByDefault: () => true,
  speaksOnlyTls: () => true,
  idleLimitMs: null,
  notes: ["Upstash speaks only TLS: a plain connection is reset."],
};

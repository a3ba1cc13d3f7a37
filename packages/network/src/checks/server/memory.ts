import type { Check } from "../check.ts";
import { advice } from "../finding.ts";

/** From this share of the limit on it is told. */
const nearly = 0.9;

/** What is written next may be refused, or something evicted for it. */
export const memory: Check = {
  id: "server-memory",
  find: ({ server }) => {
    const info = server?.info ?? {};
    const limit = Number(info["maxmemory"] ?? 0);
    const used = Number(info["used_memory"] ?? 0);
    if (!(limit > 0) || used < limit * nearly) return null;
    const policy = info["maxmemory_policy"] ?? "unknown";
    const refuses = policy === "noeviction";
    return {
      ...(refuses && used >= limit && { severity: "error" as const, likelihood: 0.85 }),
      evidence: [
        `${megabytes(used)} of ${megabytes(limit)} are used; policy ${policy}: ${refuses ? "writes are refused when it is full" : "keys are evicted when it is full"}`,
      ],
      fixes: [
        advice("Take a larger size, or delete what is not needed.", "redis-cli --bigkeys"),
        ...(refuses
          ? [advice("Let keys be evicted, where they can be missed: maxmemory-policy allkeys-lru.")]
          : []),
      ],
    };
  },
};

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

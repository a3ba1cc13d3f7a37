import type { CommandPolicy } from "../contract/service.ts";

/** Commands that managed services keep for themselves; the list is that of Aiven for Redis. */
const forbidden = [
  "acl",
  "bgrewriteaof",
  "bgsave",
  "cluster",
  "command",
  "config",
  "debug",
  "failover",
  "lastsave",
  "migrate",
  "monitor",
  "replicaof",
  "role",
  "save",
  "shutdown",
  "slaveof",
  // Siblings of these that the list does not name: they would make the node follow another one, or replicate from it.
  "psync",
  "sync",
  "replconf",
  "swapdb",
  "module",
] as const;

/** Of forbidden commands what clients cannot do without, by topology. */
const needed: Readonly<Record<string, readonly string[]>> = {
  // Whoever connects asks which slots are where.
  cluster: [
    "cluster|slots",
    "cluster|shards",
    "cluster|nodes",
    "cluster|info",
    "cluster|keyslot",
    "cluster|myid",
    "cluster|countkeysinslot",
    "command",
    "role",
  ],
  // A client of Sentinel makes sure that it has found a primary.
  replicated: ["role"],
  single: [],
};

/** Users may look at themselves: harmless, and libraries ask. */
const harmless = ["acl|whoami", "acl|cat", "acl|genpass"];

/** Lua and functions. */
const scripts = ["eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro", "function", "script"];

/**
 * Rules that take away from any user what the policy of the service forbids; they come last.
 * @param topology of the plan: `single`, `replicated`, `cluster`
 */
export function policyRules({ commands, scripts: allowed }: CommandPolicy, topology: string): string[] {
  return [
    ...(commands === "managed"
      ? [
          ...forbidden.map((name) => `-${name}`),
          ...harmless.map((name) => `+${name}`),
          ...(needed[topology] ?? []).map((name) => `+${name}`),
        ]
      : []),
    ...(allowed ? [] : scripts.map((name) => `-${name}`)),
  ];
}

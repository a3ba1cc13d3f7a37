import type { Contender } from "./contender.ts";
import { glide } from "./glide.ts";
import { ioredis } from "./ioredis.ts";
import { nodeRedis } from "./node-redis.ts";
import { redoubt } from "./redoubt.ts";

/** A client library in one setting, before it is loaded. */
export interface Entrant {
  readonly title: string;
  /** Whether it is ourselves, or somebody to be compared with. */
  readonly peer: boolean;
  /** Measured in the first round only: another setting of the same library is faster in every shape. */
  readonly slower: boolean;
  /** Whether it takes part in quick runs: of the peers those that are the best in most shapes. */
  readonly quick: boolean;
  /** @param dist of Redoubt only: which build of it */
  readonly load: (dist: string) => Promise<Contender>;
}

/** Everybody who is measured, by the name that the command line knows; `raw` is the bare socket and has no client. */
export const lineup: Readonly<Record<string, Entrant>> = {
  redoubt: { title: "Redoubt", peer: false, slower: false, quick: true, load: redoubt },
  redis: { title: "redis", peer: true, slower: true, quick: false, load: () => nodeRedis(true) },
  "redis-no-timeout": {
    title: "redis, command timeout off",
    peer: true,
    slower: false,
    quick: true,
    load: () => nodeRedis(false),
  },
  ioredis: { title: "ioredis", peer: true, slower: false, quick: false, load: () => ioredis("ioredis") },
  "ioredis-auto": {
    title: "ioredis, auto-pipelining",
    peer: true,
    slower: true,
    quick: false,
    load: () => ioredis("ioredis", { enableAutoPipelining: true }),
  },
  ioredis5: { title: "ioredis 5", peer: true, slower: false, quick: true, load: () => ioredis("ioredis5") },
  glide: { title: "GLIDE", peer: true, slower: false, quick: false, load: glide },
};

/** The bare socket: the limit that no client on Node can pass. */
export const rawSocket = "raw";

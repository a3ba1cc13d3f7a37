import type { BenchClient } from "./contender.ts";

/** What `client.multi()` gives. */
export interface Transaction {
  get(key: string): unknown;
  exec(): Promise<unknown>;
  execAsPipeline(): Promise<unknown>;
}

/** What clients and clusters of node-redis's shape have in common. */
export interface Asked extends Pick<BenchClient, "get" | "set" | "hGetAll" | "mGet" | "lRange"> {
  multi(): Transaction;
  set(key: string, value: string | Buffer): Promise<unknown>;
  destroy(): void;
}

/** A client of node-redis's shape as the bench asks it. @param buffers the same client with Buffers for strings */
export function asked(client: Asked, buffers: Pick<Asked, "get">): BenchClient {
  const filled = (keys: readonly string[]): Transaction => {
    const transaction = client.multi();
    for (const key of keys) transaction.get(key);
    return transaction;
  };
  return {
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    getBuffer: (key) => buffers.get(key),
    setBuffer: (key, value) => client.set(key, value),
    hGetAll: (key) => client.hGetAll(key),
    mGet: (keys) => client.mGet(keys),
    lRange: (key, start, stop) => client.lRange(key, start, stop),
    pipeline: (keys) => filled(keys).execAsPipeline(),
    transaction: (keys) => filled(keys).exec(),
    close: () => client.destroy(),
  };
}

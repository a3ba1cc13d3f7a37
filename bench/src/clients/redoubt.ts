import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type BenchClient, benchFolder, type Contender, type Endpoint } from "./contender.ts";

type Client = typeof import("@redoubt/client");

const manifest = join(benchFolder, "../packages/client/package.json");

/** What `client.multi()` gives. */
interface Transaction {
  get(key: string): unknown;
  exec(): Promise<unknown>;
  execAsPipeline(): Promise<unknown>;
}

/**
 * Redoubt as it comes: deadlines, reconnecting and the offline queue on.
 *
 * @param dist folder `dist` of the client
 */
export async function redoubt(dist: string): Promise<Contender> {
  const { createClient, createClientPool, createCluster, RESP_TYPES } = (await import(
    pathToFileURL(join(resolve(dist), "index.js")).href
  )) as Client;
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as {
    version: string;
  };
  return {
    version,
    connect: async (endpoint) => {
      const client = await createClient(optionsFor(endpoint)).connect();
      return asked(client, client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }));
    },
    connectCluster: async (seed) => {
      const cluster = await createCluster({ rootNodes: [optionsFor(seed)] }).connect();
      return asked(cluster, cluster.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }));
    },
    connectPool: async (endpoint, size) => {
      const bounds = { minimum: size, maximum: size };
      const pool = await createClientPool(optionsFor(endpoint), bounds).connect();
      return { get: (key) => pool.execute((client) => client.get(key)), close: () => pool.destroy() };
    },
    subscribe: async (endpoint, channel, listeners) => {
      const client = await createClient(optionsFor(endpoint)).connect();
      for (const listener of listeners) await client.subscribe(channel, listener);
      return { close: () => client.destroy() };
    },
  };
}

function optionsFor({ host, port, ca, password }: Endpoint): { password: string; socket: object } {
  return { password, socket: ca === null ? { host, port } : { host, port, tls: { ca } } };
}

/** What client and cluster have in common. */
interface Asked extends Pick<BenchClient, "get" | "set" | "hGetAll" | "mGet" | "lRange"> {
  multi(): Transaction;
  set(key: string, value: string | Buffer): Promise<unknown>;
  destroy(): void;
}

function asked(client: Asked, buffers: Pick<Asked, "get">): BenchClient {
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

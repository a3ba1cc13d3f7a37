import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { asked } from "./asked.ts";
import { benchFolder, type Contender, type Endpoint } from "./contender.ts";

type Client = typeof import("@redoubt/client");

const manifest = join(benchFolder, "../packages/client/package.json");

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

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { benchFolder, type Contender } from "./contender.ts";

type Client = typeof import("@redoubt/client");

const manifest = join(benchFolder, "../packages/client/package.json");

/** What `client.multi()` gives, where the build has it. */
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
  const { createClient, RESP_TYPES } = (await import(
    pathToFileURL(join(resolve(dist), "index.js")).href
  )) as Client;
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as {
    version: string;
  };
  return {
    version,
    connect: async ({ host, port, ca, password }) => {
      const socket = ca === null ? { host, port } : { host, port, tls: { ca } };
      const client = await createClient({ password, socket }).connect();
      const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
      const begin = "multi" in client ? () => (client.multi as () => Transaction)() : null;
      const filled = (keys: readonly string[]): Transaction => {
        const transaction = (begin as () => Transaction)();
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
        pipeline: begin && ((keys) => filled(keys).execAsPipeline()),
        transaction: begin && ((keys) => filled(keys).exec()),
        close: () => client.destroy(),
      };
    },
  };
}

import { type Contender, loadPeer } from "./contender.ts";

interface Multi {
  get(key: string): unknown;
  exec(): Promise<unknown>;
  execAsPipeline(): Promise<unknown>;
}

interface Client {
  on(event: "error", listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  withTypeMapping(mapping: object): Client;
  get(key: string): Promise<unknown>;
  set(key: string, value: string | Buffer): Promise<unknown>;
  hGetAll(key: string): Promise<unknown>;
  mGet(keys: string[]): Promise<unknown>;
  lRange(key: string, start: number, stop: number): Promise<unknown>;
  multi(): Multi;
  destroy(): void;
}

interface NodeRedis {
  createClient(options: object): Client;
  readonly RESP_TYPES: { readonly BLOB_STRING: number };
}

/**
 * node-redis.
 *
 * @param timeouts whether its commands have a time limit, as they do by default
 */
export async function nodeRedis(timeouts: boolean): Promise<Contender> {
  const { module, version } = await loadPeer<NodeRedis>("redis");
  const { createClient, RESP_TYPES } = module;
  return {
    version,
    connect: async ({ host, port, ca, password }) => {
      const client = createClient({
        password,
        ...(!timeouts && { commandOptions: { timeout: undefined } }),
        socket: ca === null ? { host, port } : { host, port, tls: true, ca, servername: host },
      });
      client.on("error", (error) => console.error(error));
      await client.connect();
      const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
      const filled = (keys: readonly string[]): Multi => {
        const multi = client.multi();
        for (const key of keys) multi.get(key);
        return multi;
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
    },
  };
}

import { type Contender, loadPeer } from "./contender.ts";

interface Pipeline {
  get(key: string): unknown;
  exec(): Promise<unknown>;
}

interface Client {
  on(event: "error", listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  get(key: string): Promise<unknown>;
  getBuffer(key: string): Promise<unknown>;
  set(key: string, value: string | Buffer): Promise<unknown>;
  hgetall(key: string): Promise<unknown>;
  mget(keys: string[]): Promise<unknown>;
  lrange(key: string, start: number, stop: number): Promise<unknown>;
  pipeline(): Pipeline;
  multi(): Pipeline;
  disconnect(): void;
}

interface Ioredis {
  readonly Redis: new (options: object) => Client;
}

/**
 * ioredis.
 *
 * @param name its package: `ioredis`, or `ioredis5` for the version before
 * @param options settings beyond address and password
 */
export async function ioredis(name: string, options: object = {}): Promise<Contender> {
  const { module, version } = await loadPeer<Ioredis>(name);
  return {
    version,
    connect: async ({ host, port, ca, password }) => {
      const tls = ca === null ? {} : { tls: { ca, servername: host } };
      const client = new module.Redis({ host, port, password, lazyConnect: true, ...tls, ...options });
      client.on("error", (error) => console.error(error));
      await client.connect();
      const fill = (pipeline: Pipeline, keys: readonly string[]): Pipeline => {
        for (const key of keys) pipeline.get(key);
        return pipeline;
      };
      return {
        get: (key) => client.get(key),
        set: (key, value) => client.set(key, value),
        getBuffer: (key) => client.getBuffer(key),
        setBuffer: (key, value) => client.set(key, value),
        hGetAll: (key) => client.hgetall(key),
        mGet: (keys) => client.mget(keys),
        lRange: (key, start, stop) => client.lrange(key, start, stop),
        pipeline: (keys) => fill(client.pipeline(), keys).exec(),
        transaction: (keys) => fill(client.multi(), keys).exec(),
        close: () => client.disconnect(),
      };
    },
  };
}

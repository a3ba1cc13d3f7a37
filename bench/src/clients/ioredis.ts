import { type BenchClient, type Contender, type Endpoint, loadPeer } from "./contender.ts";

interface Pipeline {
  get(key: string): unknown;
  exec(): Promise<unknown>;
}

interface Client {
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "message", listener: (channel: string, message: string) => void): unknown;
  subscribe(channel: string): Promise<unknown>;
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
  readonly Cluster: new (seeds: object[], options: object) => Client;
}

/**
 * ioredis.
 *
 * @param name its package: `ioredis`, or `ioredis5` for the version before
 * @param options settings beyond address and password
 */
export async function ioredis(name: string, options: object = {}): Promise<Contender> {
  const { module, version } = await loadPeer<Ioredis>(name);
  const optionsFor = ({ host, port, ca, password }: Endpoint): object => ({
    host,
    port,
    password,
    lazyConnect: true,
    ...(ca !== null && { tls: { ca, servername: host } }),
    ...options,
  });
  const connected = async (client: Client): Promise<Client> => {
    client.on("error", (error) => console.error(error));
    await client.connect();
    return client;
  };
  return {
    version,
    connect: async (endpoint) => asked(await connected(new module.Redis(optionsFor(endpoint)))),
    connectCluster: async (seed) => {
      const { host, port } = seed;
      const redisOptions = optionsFor(seed);
      const cluster = new module.Cluster([{ host, port }], { lazyConnect: true, ...options, redisOptions });
      // A pipeline of it must have all its keys at one node.
      return { ...asked(await connected(cluster)), pipeline: null, transaction: null };
    },
    subscribe: async (endpoint, channel, listeners) => {
      const client = await connected(new module.Redis(optionsFor(endpoint)));
      await client.subscribe(channel);
      for (const listener of listeners) client.on("message", (_, message) => listener(message));
      return { close: () => client.disconnect() };
    },
  };
}

function asked(client: Client): BenchClient {
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
}

import { type BenchClient, type Contender, type Endpoint, loadPeer } from "./contender.ts";

interface Batch {
  get(key: string): unknown;
}

interface Client {
  get(key: string, options?: object): Promise<unknown>;
  set(key: string, value: string | Buffer): Promise<unknown>;
  hgetall(key: string): Promise<unknown>;
  mget(keys: string[]): Promise<unknown>;
  lrange(key: string, start: number, stop: number): Promise<unknown>;
  exec(batch: Batch, raiseOnError: boolean): Promise<unknown>;
  close(): void;
}

type BatchClass = new (atomic: boolean) => Batch;

interface Glide {
  readonly GlideClient: { createClient(options: object): Promise<Client> };
  readonly GlideClusterClient: Glide["GlideClient"];
  readonly Batch: BatchClass;
  readonly ClusterBatch: BatchClass;
  readonly Decoder: { readonly Bytes: unknown };
  readonly Logger: { setLoggerConfig(level: string): void };
}

/** `PubSubChannelModes.Exact`. */
const exactChannel = 0;

/** GLIDE of Valkey. Its limits are lifted where they would refuse what is measured. */
export async function glide(): Promise<Contender> {
  const { module, version } = await loadPeer<Glide>("@valkey/valkey-glide");
  module.Logger.setLoggerConfig("error");
  const optionsFor = ({ host, port, ca, password }: Endpoint): object => ({
    addresses: [{ host, port }],
    credentials: { password },
    useTLS: ca !== null,
    requestTimeout: 10_000,
    inflightRequestsLimit: 5000,
    ...(ca !== null && {
      advancedConfiguration: { tlsAdvancedConfiguration: { rootCertificates: Buffer.from(ca) } },
    }),
  });
  const asked = (client: Client, Batch: BatchClass): BenchClient => {
    const bytes = { decoder: module.Decoder.Bytes };
    const batch = (atomic: boolean, keys: readonly string[]): Promise<unknown> => {
      const made = new Batch(atomic);
      for (const key of keys) made.get(key);
      return client.exec(made, true);
    };
    return {
      get: (key) => client.get(key),
      set: (key, value) => client.set(key, value),
      getBuffer: (key) => client.get(key, bytes),
      setBuffer: (key, value) => client.set(key, value),
      hGetAll: (key) => client.hgetall(key),
      mGet: (keys) => client.mget(keys),
      lRange: (key, start, stop) => client.lrange(key, start, stop),
      pipeline: (keys) => batch(false, keys),
      transaction: (keys) => batch(true, keys),
      close: () => client.close(),
    };
  };
  return {
    version,
    connect: async (endpoint) =>
      asked(await module.GlideClient.createClient(optionsFor(endpoint)), module.Batch),
    connectCluster: async (seed) =>
      asked(await module.GlideClusterClient.createClient(optionsFor(seed)), module.ClusterBatch),
    subscribe: async (endpoint, channel, listeners) => {
      // It knows one callback only.
      const callback = ({ message }: { message: string }): void => {
        for (const listener of listeners) listener(message);
      };
      const channelsAndPatterns = { [exactChannel]: new Set([channel]) };
      return module.GlideClient.createClient({
        ...optionsFor(endpoint),
        pubsubSubscriptions: { channelsAndPatterns, callback },
      });
    },
  };
}

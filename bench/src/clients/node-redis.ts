import { type Asked, asked } from "./asked.ts";
import { type Contender, type Endpoint, loadPeer } from "./contender.ts";

interface Client extends Asked {
  on(event: "error", listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  withTypeMapping(mapping: object): Client;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
}

interface Pool extends Pick<Client, "on" | "connect" | "destroy"> {
  execute(task: (client: Client) => Promise<unknown>): Promise<unknown>;
}

interface NodeRedis {
  createClient(options: object): Client;
  createCluster(options: object): Client;
  createClientPool(options: object, bounds: object): Pool;
  readonly RESP_TYPES: { readonly BLOB_STRING: number };
}

/**
 * node-redis.
 *
 * @param timeouts whether its commands have a time limit, as they do by default
 */
export async function nodeRedis(timeouts: boolean): Promise<Contender> {
  const { module, version } = await loadPeer<NodeRedis>("redis");
  const { createClient, createCluster, createClientPool, RESP_TYPES } = module;
  const optionsFor = ({ host, port, ca, password }: Endpoint): object => ({
    password,
    ...(!timeouts && { commandOptions: { timeout: undefined } }),
    socket: ca === null ? { host, port } : { host, port, tls: true, ca, servername: host },
  });
  const connected = async <Made extends Pick<Client, "on" | "connect">>(client: Made): Promise<Made> => {
    client.on("error", (error) => console.error(error));
    await client.connect();
    return client;
  };
  const inBoth = (client: Client) =>
    asked(client, client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }));
  return {
    version,
    connect: async (endpoint) => inBoth(await connected(createClient(optionsFor(endpoint)))),
    connectCluster: async (seed) => {
      const defaults = optionsFor(seed);
      const cluster = await connected(createCluster({ rootNodes: [defaults], defaults }));
      // Its pipelines go whole to the node of their first key.
      return { ...inBoth(cluster), pipeline: null, transaction: null };
    },
    connectPool: async (endpoint, size) => {
      const bounds = { minimum: size, maximum: size };
      const pool = await connected(createClientPool(optionsFor(endpoint), bounds));
      return { get: (key) => pool.execute((client) => client.get(key)), close: () => pool.destroy() };
    },
    subscribe: async (endpoint, channel, listeners) => {
      const client = await connected(createClient(optionsFor(endpoint)));
      for (const listener of listeners) await client.subscribe(channel, listener);
      return { close: () => client.destroy() };
    },
  };
}

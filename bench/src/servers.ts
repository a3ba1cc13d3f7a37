import { createCluster } from "@redoubt/client";
import { type Cluster, type RedisServer, startCluster, startServer } from "@redoubt/server";
import type { Endpoint } from "./clients/contender.ts";
import type { ClusterNode, Transport } from "./measurement.ts";
import { fill, keys, smallValue } from "./shapes/dataset.ts";

/** The servers that everybody is measured against: one that works, one that is only asked while the other is busy. */
export class Servers implements AsyncDisposable {
  readonly #main: RedisServer;
  readonly #quiet: RedisServer;
  readonly #clusters = new Map<Transport, Promise<StartedCluster>>();

  private constructor(main: RedisServer, quiet: RedisServer) {
    this.#main = main;
    this.#quiet = quiet;
  }

  /** Starts both, each in a process of its own, with TLS and plain TCP, and writes what the shapes read. */
  static async start(): Promise<Servers> {
    const main = await startServer({ listen: "both" });
    const quiet = await startServer({ listen: "both" });
    await Promise.all([fill(main), fill(quiet)]);
    return new Servers(main, quiet);
  }

  get pid(): number {
    return this.#main.pid as number;
  }

  /** Name and version, for the report. */
  async version(): Promise<string> {
    const info = String(await this.#main.command("INFO", "server"));
    const [, name = "redis", version = "?"] = /(redis|valkey)_version:(\S+)/.exec(info) ?? [];
    return `${name}-server ${version}`;
  }

  endpoint(transport: Transport): Endpoint {
    return endpointOf(this.#main, transport);
  }

  /** Of the server that nothing else happens on. */
  quiet(transport: Transport): Endpoint {
    return endpointOf(this.#quiet, transport);
  }

  /** The primaries of a cluster, which is started when it is asked for the first time. */
  async nodes(transport: Transport): Promise<readonly ClusterNode[]> {
    const started = this.#clusters.get(transport) ?? startFilledCluster(transport);
    this.#clusters.set(transport, started);
    return (await started).nodes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const clusters = (await Promise.allSettled(this.#clusters.values())).flatMap((each) =>
      each.status === "fulfilled" ? [each.value.cluster] : [],
    );
    await Promise.all([this.#main, this.#quiet, ...clusters].map((each) => each.stop()));
  }
}

interface StartedCluster {
  readonly cluster: Cluster;
  readonly nodes: readonly ClusterNode[];
}

/** Three primaries with the small values. Each transport has its own, because nodes announce one port. */
async function startFilledCluster(transport: Transport): Promise<StartedCluster> {
  const cluster = await startCluster({ listen: transport === "tls" ? "tls" : "plain" });
  try {
    const [seed] = cluster.primaries as [RedisServer];
    const { host, port, ca, password } = endpointOf(seed, transport);
    const socket = ca === null ? { host, port } : { host, port, tls: { ca } };
    await using client = await createCluster({ rootNodes: [{ socket, password }] }).connect();
    await client.mSet(Object.fromEntries(keys.map((key) => [key, smallValue])));
    const nodes = await Promise.all(
      cluster.primaries.map(async (primary) => ({
        endpoint: endpointOf(primary, transport),
        pid: primary.pid as number,
        key: await servedKey(primary),
      })),
    );
    return { cluster, nodes };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** A key that a primary does not refer to another. */
async function servedKey(primary: RedisServer): Promise<string> {
  using control = await primary.control();
  for (const key of keys) {
    const value = await control.call("GET", key).catch(() => null);
    if (value !== null) return key;
  }
  throw new Error(`the node ${primary.address} has none of the keys`);
}

function endpointOf(server: RedisServer, transport: Transport): Endpoint {
  const tls = transport === "tls";
  return {
    host: server.host,
    port: (tls ? server.tlsPort : server.port) as number,
    ca: tls ? server.ca : null,
    password: server.password as string,
  };
}

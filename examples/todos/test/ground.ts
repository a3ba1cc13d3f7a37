import { type Client, createClient } from "@redoubt/client";
import { type FaultProxy, type RedisServer, startFaultProxy, startServer } from "@redoubt/server";
import type { FastifyInstance } from "fastify";
import { todoApp } from "../src/app.ts";
import { clientOptions } from "../src/settings.ts";

/** A Redis of its own that speaks TLS only, and the todo service, which reaches it through a proxy made for faults. */
export interface Ground extends AsyncDisposable {
  readonly redis: RedisServer;
  readonly proxy: FaultProxy;
  readonly client: Client;
  readonly app: FastifyInstance;
}

/** Starts the ground. */
export async function startGround(): Promise<Ground> {
  const redis = await startServer();
  const proxy = await startFaultProxy({ to: { host: redis.address, port: redis.tlsPort ?? 0 } });
  const uri = redis.uri.replace(`:${redis.tlsPort}`, `:${proxy.port}`);
  const client = createClient(clientOptions({ REDIS_URL: uri }));
  client.on("error", () => {});
  await client.connect();
  const app = await todoApp(client);
  return {
    redis,
    proxy,
    client,
    app,
    async [Symbol.asyncDispose]() {
      await app.close();
      client.destroy();
      await proxy[Symbol.asyncDispose]();
      await redis.stop();
    },
  };
}

import { createClient, type RedisClient } from "@redoubt/client";
import { type RedisServer, startServer } from "@redoubt/server";
import type { FastifyInstance } from "fastify";
import { todoApp } from "../src/app.ts";
import { clientOptions } from "../src/settings.ts";

/** A Redis of its own that speaks TLS only, and the todo service against it. */
export interface Ground extends AsyncDisposable {
  readonly redis: RedisServer;
  readonly client: RedisClient;
  readonly app: FastifyInstance;
}

/** Starts the ground. `through` may lead the connection over a detour: it gets the server and gives the connection string. */
export async function startGround(
  through: (redis: RedisServer) => string | Promise<string> = ({ uri }) => uri,
): Promise<Ground> {
  const redis = await startServer();
  const client = createClient(clientOptions({ REDIS_URL: await through(redis) }));
  client.on("error", () => {});
  await client.connect();
  const app = await todoApp(client);
  return {
    redis,
    client,
    app,
    async [Symbol.asyncDispose]() {
      await app.close();
      client.destroy();
      await redis.stop();
    },
  };
}

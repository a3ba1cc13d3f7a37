/**
 * The todo service as a program, against any Redis:
 *
 *     REDIS_URL='rediss://…' node dist/service.js
 *
 * The connection string comes from the environment, in any dialect; also `PORT`, `HOST` and `LOG_LEVEL`
 * (see `settings.ts`). Prints its address to stdout and its log to stderr. Ends on SIGINT and SIGTERM, with exit code 0;
 * a program that started it with a channel (`main.ts`) is told the address, and takes it along when it ends.
 */
import { explain, RedoubtError } from "@redoubt/client";
import type { FastifyInstance } from "fastify";
import { todoApp } from "./app.ts";
import { readSettings, redisClient, type ServiceSettings, usualPort } from "./settings.ts";

/** How long stopping may take, ms. */
const grace = 5_000;

/** What a parent with a channel is told. */
export interface Started {
  /** `http://127.0.0.1:3000` */
  readonly address: string;
}

async function serve(): Promise<void> {
  const settings = readSettings(process.env);
  const client = redisClient(process.env);
  const app = await todoApp(client, { logger: { level: settings.logLevel, stream: process.stderr } });
  client.on("error", (error: unknown) => app.log.warn(plainly(error)));
  client.on("reconnecting", () => app.log.info("looking for Redis"));
  client.on("ready", () => app.log.info(`connected to Redis at ${client.report?.address}`));
  stopOnRequest(async () => {
    await app.close();
    await client.close();
  });

  await client.connect();
  const started: Started = { address: await listen(app, settings) };
  process.stdout.write(`Todos: ${started.address}\n`);
  process.send?.(started);
}

/** Listens where the settings say. @returns the address */
async function listen(app: FastifyInstance, { host, port }: ServiceSettings): Promise<string> {
  try {
    return await app.listen({ host, port: port ?? usualPort });
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    if (!taken) throw error;
    if (port !== null)
      throw new Error(`Port ${port} is taken: set PORT to another one, or to 0 for a free one.`);
    return app.listen({ host, port: 0 });
  }
}

/** Stops once, when asked by a signal or when the parent's end of the channel is gone. */
function stopOnRequest(close: () => Promise<void>): void {
  const stop = (): void => {
    for (const signal of signals) process.off(signal, stop);
    process.off("disconnect", stop);
    setTimeout(() => process.exit(1), grace).unref();
    close().then(
      () => {
        if (process.connected) process.disconnect();
      },
      (error: unknown) => fail(error),
    );
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, stop);
  process.on("disconnect", stop);
}

/** What happened, why, and what to do; never a secret. */
function plainly(error: unknown): string {
  if (!(error instanceof RedoubtError)) return error instanceof Error ? error.message : String(error);
  const { what, cause, fix } = explain(error);
  return [`${error.code}: ${what}`, cause, fix].filter((sentence) => sentence !== "").join(" ");
}

function fail(error: unknown): never {
  process.stderr.write(`The todo service cannot go on. ${plainly(error)}\n`);
  process.exit(1);
}

await serve().catch(fail);

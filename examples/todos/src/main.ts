import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type RedisServer, startServer } from "@redoubt/server";
import { ServiceProcess } from "./child.ts";
import { greet } from "./greeting.ts";
import type { ConnectionStatus } from "./health.ts";

/** How long the service may take to answer, ms. */
const patience = 5_000;

/**
 * What `npm start` does: a real Redis (TLS only, a password made up for this run, its own CA), and the todo service
 * against it, which finds its connection string in its environment. Says where everything is, and stays until Ctrl-C or
 * SIGTERM; then, and if anything fails, all that was started is stopped and all files are gone.
 *
 * Sets the exit code: 130 when it was told to stop, 1 when something did not start or ended by itself.
 */
export async function main(): Promise<void> {
  using interruption = new Interruption();
  try {
    await using redis = await startServer({ signal: interruption.signal });
    const passwordFile = await keepPassword(redis);
    await using service = await ServiceProcess.start(
      { LOG_LEVEL: "warn", ...environmentWithoutRedis(), REDIS_URL: redis.uri },
      interruption.signal,
    );
    const { address } = service;
    const connection = await askConnection(address);
    const { host, caFile, tlsPort } = redis;
    process.stdout.write(
      greet({ address, connection, passwordFile, redis: { host, caFile, port: tlsPort ?? 0 } }),
    );
    const end = await Promise.race([interruption.happened, service.ended]);
    if (end !== "interrupted") throw new Error(`The todo service ended by itself (${end}).`);
    process.stderr.write("\nStopping…\n");
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    // Interrupted while something was starting: that is no failure.
    if (name !== "AbortError") {
      process.stderr.write(`${message}\n`);
      process.exitCode = 1;
      return;
    }
  }
  process.exitCode = 130;
}

/** Puts the password beside the certificates, readable by this user only and removed with them. @returns the path */
async function keepPassword(redis: RedisServer): Promise<string> {
  const path = join(dirname(redis.caFile), "password");
  await writeFile(path, `${redis.password}\n`, { mode: 0o600 });
  return path;
}

/** This process's variables, but for those that mean another Redis. */
function environmentWithoutRedis(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !/^(REDIS_|ConnectionStrings__)/i.test(name));
  return Object.fromEntries(others);
}

async function askConnection(address: string): Promise<ConnectionStatus> {
  const response = await fetch(`${address}/connection`, { signal: AbortSignal.timeout(patience) });
  return (await response.json()) as ConnectionStatus;
}

/** Ctrl-C or SIGTERM, from now on. Later ones change nothing: stopping is under way, and bounded in time. */
class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly happened = new Promise<"interrupted">((resolve) => {
    this.signal.addEventListener("abort", () => resolve("interrupted"), { once: true });
  });
  readonly #interrupt = (): void => this.#controller.abort();

  constructor() {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, this.#interrupt);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, this.#interrupt);
  }
}

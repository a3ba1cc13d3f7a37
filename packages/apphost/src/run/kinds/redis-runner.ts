import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import { type RedisServer, startServer } from "@redoubt/server";
import { quote } from "@redoubt/server/launch";
import type { Resource } from "../../model/resource.ts";
import type { RedisResource } from "../../resources/redis.ts";
import type { Body, Life, Runner } from "../life/runner.ts";
import { Forwarder } from "../ports/forwarder.ts";
import { urlsOf } from "./urls.ts";
import type { Workshop } from "./workshop.ts";

/** Runs a real redis-server or valkey-server in place of the container of what is published. */
export class RedisRunner implements Runner {
  readonly #redis: RedisResource;
  readonly #workshop: Workshop;

  constructor(redis: RedisResource, workshop: Workshop) {
    this.#redis = redis;
    this.#workshop = workshop;
  }

  needs(): readonly Resource[] {
    const { passwordParameter } = this.#redis;
    return passwordParameter === undefined ? [] : [passwordParameter];
  }

  async start({ signal, say, show, onLine }: Life): Promise<Body> {
    const { name, primary, secondary, endpoints } = this.#redis;
    const { allocation, ledger } = this.#workshop;
    await allocation.ensure({ owner: this.#redis, endpoints, local: false }, say);
    const password = await this.#redis.passwordParameter?.resolve({ viewpoint: "host", signal });
    const server = await this.#serve(password, signal, onLine);
    const second = secondary?.allocated.current?.port;
    const forwarder =
      !primary.tls && second !== undefined ? await Forwarder.open(second, portOf(primary)) : null;
    const { pid } = server;
    if (pid !== undefined) await ledger.add(name, pid);
    show({
      urls: await urlsOf(this.#redis, signal),
      properties: await describe(server, this.#redis.data?.source),
    });
    const ended = server.ended.then(async (end) => {
      // Its files are made anew at the next start.
      await Promise.all([server.stop(), forwarder?.close(), pid === undefined ? null : ledger.remove(pid)]);
      return end;
    });
    const kill = (): void => {
      if (server.pid !== undefined) process.kill(server.pid, "SIGKILL");
    };
    return {
      ended,
      kill,
      stop: async (grace) => {
        const limit = setTimeout(kill, grace);
        await Promise.all([server.stop(), ended]);
        clearTimeout(limit);
      },
    };
  }

  async #serve(
    password: string | undefined,
    signal: AbortSignal,
    onLine: Life["onLine"],
  ): Promise<RedisServer> {
    const { primary, secondary, modules, persistence, name } = this.#redis;
    const tls = primary.tls
      ? {
          certificate: await this.#workshop.trust.issue(name),
          authority: await this.#workshop.trust.authority(),
        }
      : {};
    const directory = await this.#directory();
    try {
      return await startServer({
        listen: primary.tls ? (secondary === undefined ? "tls" : "both") : "plain",
        ...(primary.tls ? { tlsPort: portOf(primary) } : { port: portOf(primary) }),
        ...(primary.tls && secondary !== undefined && { port: portOf(secondary) }),
        password: password ?? false,
        ...tls,
        ...(directory !== null && { directory }),
        config: [
          ...modules.map((path) => `loadmodule ${quote(path)}`),
          ...(persistence === undefined
            ? []
            : [`save ${persistence.interval / 1000} ${persistence.keysChangedThreshold}`]),
          // What was acknowledged is the operating system's then, and is there after a crash of the server.
          ...(directory === null ? [] : ["appendfsync no"]),
        ],
        onLine: (line) => onLine("stdout", line),
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      const { message } = error as Error;
      const missing = message.startsWith("neither redis-server");
      throw new RedoubtError("APP_RESOURCE_FAILED", missing ? "redis-server is not installed" : message, {
        ...(missing && { hint: message }),
      });
    }
  }

  /** Where its data lies; null: nowhere. What is only to be read is copied, so that the server may write. */
  async #directory(): Promise<string | null> {
    const { data, name } = this.#redis;
    if (data === undefined) return null;
    const { places } = this.#workshop;
    const source = data.kind === "bind" ? data.source : places.volume(data.source);
    if (!data.readOnly) return source;
    const copy = join(places.folder, "copies", name);
    await rm(copy, { recursive: true, force: true });
    await cp(source, copy, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    return copy;
  }
}

function portOf({ allocated, name }: RedisResource["primary"]): number {
  const port = allocated.current?.port;
  if (port === undefined) throw new Error(`the endpoint ${name} has no port`);
  return port;
}

async function describe(server: RedisServer, data: string | undefined) {
  const line = /redis_version:(\S+)/.exec(String(await server.command("INFO", "server").catch(() => "")));
  const rows = {
    Version: line?.[1],
    Process: server.pid?.toString(),
    Data: data,
  };
  return Object.fromEntries(
    Object.entries(rows).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, { value, secret: false }]],
    ),
  );
}

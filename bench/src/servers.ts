import { type RedisServer, startServer } from "@redoubt/server";
import type { Endpoint } from "./clients/contender.ts";
import type { Transport } from "./measurement.ts";
import { fill } from "./shapes/dataset.ts";

/** The servers that everybody is measured against: one that works, one that is only asked while the other is busy. */
export class Servers implements AsyncDisposable {
  readonly #main: RedisServer;
  readonly #quiet: RedisServer;

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

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#main.stop(), this.#quiet.stop()]);
  }
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

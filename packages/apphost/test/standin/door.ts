import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { IssuedCertificate } from "@redoubt/server";
import type { Faults } from "./faults.ts";

/** A request, read. */
export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** An answer. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A request that came, for tests to look at. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly at: number;
  readonly status: number | "cut" | "hang";
  readonly body: string;
}

/** An HTTPS server on loopback, with a port of its own. */
export class Door {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly seen: Seen[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on("secureConnection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  static async open(
    { pem, key }: { readonly pem: string; readonly key: string },
    handle: (call: Call) => Reply | Promise<Reply>,
    faults: Faults,
    port = 0,
    now: () => number = Date.now,
  ): Promise<Door> {
    const server = createServer({ cert: pem, key });
    const door = new Door(server);
    server.on("request", (request, response) => void door.#answer(request, response, handle, faults, now));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    return door;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `https://localhost:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    handle: (call: Call) => Reply | Promise<Reply>,
    faults: Faults,
    now: () => number,
  ): Promise<void> {
    const url = new URL(request.url ?? "/", "https://localhost");
    const path = decodeURIComponent(url.pathname);
    const method = request.method ?? "GET";
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const saw = (status: Seen["status"]): void =>
      void this.seen.push({ method, path, at: performance.now(), status, body: text });
    const fault = faults.take(method, path);
    if (fault !== null && "hang" in fault) return saw("hang");
    if (fault !== null && "cut" in fault) {
      saw("cut");
      if (fault.cut === "after") await handle({ method, url, path, headers: request.headers, text });
      request.socket.destroy();
      return;
    }
    const reply: Reply = fault ?? (await handle({ method, url, path, headers: request.headers, text }));
    saw(reply.status);
    response.writeHead(reply.status, {
      "content-type": "application/json; charset=utf-8",
      date: new Date(now()).toUTCString(),
      ...reply.headers,
    });
    response.end(reply.body === undefined || method === "HEAD" ? undefined : JSON.stringify(reply.body));
  }
}

/** What a certificate is written as. */
export const written = ({ certificate, key }: IssuedCertificate) => ({ pem: certificate, key });

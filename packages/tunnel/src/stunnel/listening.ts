import { lookup } from "node:dns/promises";
import { chmodSync, chownSync } from "node:fs";
import { createServer, isIP, type ListenOptions, type Server, type Socket } from "node:net";
import type { RedoubtError } from "@redoubt/client";
import { removeStale } from "../listen/socket-file.ts";
import { problemAt } from "./place.ts";
import type { Service } from "./service.ts";
import { endpointText } from "./values/address.ts";

type Accept = Service["accept"][number];

/** An open listener of a section. Whoever is behind it may be exchanged while it goes on listening. */
export interface Listening {
  readonly server: Server;
  /** With the port that was chosen. */
  readonly text: string;
  /** Takes accepted connections; paused, half-open allowed. */
  serve: (socket: Socket) => void;
}

/**
 * Listens on an address of `accept`; a name may mean several.
 * @throws RedoubtError `TCP_ADDRESS_IN_USE`, `TCP_FAILED`, `DNS_NOT_FOUND`
 */
export async function listen(accept: Accept, service: Service): Promise<Listening[]> {
  const { endpoint } = accept;
  if ("path" in endpoint) return [await open(accept, service, { path: endpoint.path })];
  const hosts = isIP(endpoint.host) === 0 ? await addresses(accept, endpoint.host) : [endpoint.host];
  const opened: Listening[] = [];
  try {
    for (const host of hosts)
      opened.push(await open(accept, service, { host, port: endpoint.port, ipv6Only: service.ipv6Only }));
    return opened;
  } catch (error) {
    for (const { server } of opened) server.close();
    throw error;
  }
}

async function addresses({ place }: Accept, host: string): Promise<string[]> {
  try {
    const found = await lookup(host, { all: true });
    return [...new Set(found.map(({ address }) => address))];
  } catch {
    throw problemAt(
      place,
      "DNS_NOT_FOUND",
      "Cannot resolve accept target",
      "Name an address of this machine, for example 127.0.0.1.",
    );
  }
}

async function open(accept: Accept, service: Service, options: ListenOptions): Promise<Listening> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: service.local.noDelay });
  try {
    await bind(server, options);
  } catch (error) {
    const path = isTaken(error) ? options.path : undefined;
    if (path === undefined || !(await removeStale(path)))
      throw bindProblem(accept, service, error as NodeJS.ErrnoException);
    await bind(server, options);
  }
  if (options.path !== undefined && service.socketOwner !== null) {
    chownSync(options.path, ...ownerOf(service.socketOwner));
    chmodSync(options.path, 0o660);
  }
  const address = server.address();
  const text =
    address === null || typeof address === "string"
      ? endpointText(accept.endpoint)
      : `${address.address}:${address.port}`;
  const listening: Listening = { server, text, serve: (socket) => socket.destroy() };
  server.on("connection", (socket) => listening.serve(socket));
  return listening;
}

function bind(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...options, backlog: 1024 }, () => {
      server.off("error", reject);
      // Out of descriptors: accepting fails for a while, and the listener stays.
      server.on("error", () => {});
      resolve();
    });
  });
}

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "EADDRINUSE";
}

function ownerOf({ uid, gid }: { readonly uid: number; readonly gid: number }): [number, number] {
  return [uid, gid];
}

function bindProblem(
  { place, endpoint }: Accept,
  { name }: Service,
  cause: NodeJS.ErrnoException,
): RedoubtError {
  const what = `Binding service [${name}] to ${endpointText(endpoint)} failed`;
  if (isTaken(cause))
    return problemAt(
      place,
      "TCP_ADDRESS_IN_USE",
      `${what}: Address already in use (98)`,
      "End the program that listens there, or choose another port.",
    );
  const why =
    cause.code === "EACCES"
      ? "Permission denied (13)"
      : cause.code === "EADDRNOTAVAIL"
        ? "Cannot assign requested address (99)"
        : (cause.code ?? cause.message);
  return problemAt(
    place,
    "TCP_FAILED",
    `${what}: ${why}`,
    "Choose an address of this machine, and a port that this user may open (1024 or above).",
  );
}

import { EventEmitter } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

type Module<Path extends string> = Path extends "net/connection.js"
  ? typeof import("../../../packages/client/src/net/connection.ts")
  : Path extends "net/wire.js"
    ? typeof import("../../../packages/client/src/net/wire.ts")
    : typeof import("../../../packages/client/src/client/command-methods.ts");

type Client = InstanceType<Module<"client/command-methods.js">["CommandSurface"]> &
  import("@redoubt/client").CommandMethods;

type Dialled = ConstructorParameters<Module<"net/connection.js">["Connection"]>[0];

/** What a command looks like on the wire, and what comes back. */
export interface Exchange {
  readonly command: Buffer;
  readonly reply: Buffer;
}

/**
 * All commands of the client over its own connection, without a network: what is written is answered at once from memory,
 * in chunks of a socket's size. So nothing but the client's own work is counted, and always the same.
 *
 * @param dist folder `dist` of the client
 */
export async function loopback(dist: string, { command, reply }: Exchange): Promise<Client> {
  const load = async <Path extends string>(path: Path): Promise<Module<Path>> =>
    (await import(pathToFileURL(join(dist, path)).href)) as Module<Path>;
  const { Connection } = await load("net/connection.js");
  const { Wire } = await load("net/wire.js");
  const { CommandSurface } = await load("client/command-methods.js");

  const wire = new Wire();
  const { buffer, callback } = wire.socketOptions.onread as {
    buffer: () => Buffer;
    callback: (count: number, chunk: Buffer) => boolean;
  };
  const perChunk = Math.max(1, Math.floor(buffer().length / reply.length));
  const replies = Buffer.concat(new Array<Buffer>(perChunk).fill(reply));
  let bytesDue = 0;
  const answer = (): void => {
    let due = Math.floor(bytesDue / command.length);
    bytesDue -= due * command.length;
    for (; due > 0; due -= perChunk) {
      const count = Math.min(due, perChunk) * reply.length;
      const chunk = buffer();
      replies.copy(chunk, 0, 0, count);
      callback(count, chunk);
    }
  };
  const socket = Object.assign(new EventEmitter(), {
    writableLength: 0,
    write(bytes: Buffer): boolean {
      if (bytesDue === 0) setImmediate(answer);
      bytesDue += bytes.length;
      return true;
    },
  });
  const dialled = {
    wire,
    socket,
    report: { protocol: 3, address: "memory" },
    close: () => {},
  } as unknown as Dialled;
  const connection = new Connection(dialled, {
    commandTimeout: 5000,
    socketTimeout: 10_000,
    onClose: (error) => {
      throw error;
    },
  });
  class Surface extends CommandSurface {
    override execute: Client["execute"] = (made) => connection.send(made, 0);
  }
  return new Surface() as Client;
}

import { createServer, type Server } from "node:net";

/**
 * Finds TCP ports that are free right now. Nothing keeps them free afterwards: whoever uses them must be ready to be
 * refused and ask again.
 *
 * @param count how many; all different
 * @param address the address on which they must be free
 */
export async function freePorts(count: number, address = "127.0.0.1"): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(address)));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen(address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once("error", reject)
      .listen(0, address, () => resolve(server));
  });
}

import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** Listens on loopback, and does the same to everybody who connects. */
export async function listen(
  accept: (socket: Socket) => void,
): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    accept(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}

import { startFaultProxy, startServer } from "@redoubt/server";

/** A TLS server behind a fault proxy. */
export const startGround = async () => {
  const server = await startServer();
  const proxy = await startFaultProxy({ to: { host: server.address, port: server.tlsPort as number } });
  const url = new URL(server.uri);
  url.port = String(proxy.port);
  const stop = async () => {
    await proxy.stop();
    await server.stop();
  };
  return { server, proxy, url: url.href, [Symbol.asyncDispose]: stop };
};

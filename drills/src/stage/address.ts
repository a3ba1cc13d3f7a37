import type { FaultProxy, RedisServer } from "@redoubt/server";

/** The connection string of a server with another address in it. The certificate's name stays the server's. */
export function through(proxy: FaultProxy, server: RedisServer): string {
  const url = new URL(server.uri);
  url.searchParams.set("servername", server.host);
  url.hostname = proxy.host;
  url.port = String(proxy.port);
  return url.href;
}

import { parse } from "@redoubt/client";
import type { RedisServer } from "@redoubt/server";
import { Session, type SessionOptions } from "../src/session/session.ts";

/** A session with a server, as the shell makes them. */
export function sessionWith(server: RedisServer, options: Partial<SessionOptions> = {}): Session {
  return new Session({
    plan: {
      target: parse(server.uri),
      dial: server.tlsPort === null ? {} : { tls: { ca: server.authority.certificate } },
      production: false,
    },
    protocol: 2,
    protocolIsWish: false,
    cluster: false,
    signal: new AbortController().signal,
    onPush: () => {},
    ...options,
  });
}

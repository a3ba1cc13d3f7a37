import { Buffer } from "node:buffer";
import type { RedisServer } from "@redoubt/server";
import { type Client, createClient } from "../../../src/client/client.ts";
import { RESP_TYPES } from "../../../src/client/type-mapping.ts";

/** A client that speaks one protocol and, once its connection is lost, stays closed. */
export function openClient(server: RedisServer, RESP: 2 | 3): Promise<Client> {
  return createClient({ url: server.uri, RESP, socket: { reconnectStrategy: false } }).connect();
}

/** The client, giving Buffers. */
export function withBuffers(client: Client) {
  return client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
}

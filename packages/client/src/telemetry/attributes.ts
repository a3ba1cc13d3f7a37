import { type RedoubtError, ReplyError } from "../errors.ts";
import { BatchTrace, type CommandTrace } from "../tracing/command-trace.ts";

// Names and values of OpenTelemetry's conventions for database clients (stable since 1.33), and for Redis among them.

/** What is known when a command begins. */
export function beginAttributes(trace: CommandTrace | BatchTrace): Record<string, string | number> {
  const known: Record<string, string | number> = {
    "db.system.name": "redis",
    "db.operation.name": operationOf(trace),
  };
  // The conventions know batches only from two operations on.
  if (trace instanceof BatchTrace && trace.commands.length > 1)
    known["db.operation.batch.size"] = trace.commands.length;
  return { ...known, ...serverAttributes(trace) };
}

/** Where a command went: known at the beginning, or once a connection was there. */
export function serverAttributes({ server }: CommandTrace | BatchTrace): Record<string, string | number> {
  if (server === null) return {};
  const { host, port, peer, database } = server;
  const socket = port === 0;
  const colon = peer.lastIndexOf(":");
  return {
    "db.namespace": String(database),
    "server.address": host,
    ...(!socket && { "server.port": port }),
    "network.peer.address": socket ? peer : peer.slice(0, colon).replace(/^\[|\]$/g, ""),
    ...(!socket && { "network.peer.port": Number(peer.slice(colon + 1)) }),
  };
}

/** How it ended badly: the server's own word, and ours. */
export function errorAttributes(error: RedoubtError | undefined): Record<string, string> {
  if (error === undefined) return {};
  return {
    "error.type": error.code,
    ...(error instanceof ReplyError && { "db.response.status_code": error.prefix }),
  };
}

/** `GET`; `MULTI`, `PIPELINE`; `PIPELINE GET` where all commands are the same. */
export function operationOf(trace: CommandTrace | BatchTrace): string {
  if (!(trace instanceof BatchTrace)) return trace.command;
  const [first] = trace.commands;
  const same = first !== undefined && trace.commands.every((command) => command === first);
  return same ? `${trace.kind} ${first}` : trace.kind;
}

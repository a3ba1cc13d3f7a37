import type { Command } from "../commands/command.ts";
import { isTransaction } from "../commands/transaction.ts";
import type { Connection } from "../net/connection.ts";
import { batchChannel, commandChannel, traced } from "../tracing/channels.ts";
import { BatchTrace, CommandTrace, type ServerTrace } from "../tracing/command-trace.ts";
import { type Terms, untold } from "./terms.ts";

/** Whether somebody listens to commands, and this one is not told yet. */
export function isListenedTo({ mode }: Terms): boolean {
  return (commandChannel.hasSubscribers || batchChannel.hasSubscribers) && (mode & untold) === 0;
}

/** Carries out a command and tells of it. */
export function tellCommand<Reply>(
  connection: () => Connection | null,
  command: Command<Reply>,
  terms: Terms,
  send: (terms: Terms) => Promise<Reply>,
): Promise<Reply> {
  const work = () => send({ ...terms, mode: terms.mode | untold });
  const server = serverOf(connection());
  if (isTransaction(command)) {
    const trace = new BatchTrace("MULTI", command.queued, server);
    return traced(batchChannel, trace, work, () => locate(trace, connection));
  }
  const trace = new CommandTrace(command, server);
  return traced(commandChannel, trace, work, () => locate(trace, connection));
}

/** Carries out commands together and tells of it. */
export function tellBatch(
  connection: () => Connection | null,
  commands: readonly Command<unknown>[],
  terms: Terms,
  send: (terms: Terms) => Promise<unknown[]>,
): Promise<unknown[]> {
  const trace = new BatchTrace("PIPELINE", commands, serverOf(connection()));
  const work = () => send({ ...terms, mode: terms.mode | untold });
  return traced(batchChannel, trace, work, () => locate(trace, connection));
}

/** What waited for a connection learns its server at the end. */
function locate(trace: { server: ServerTrace | null }, connection: () => Connection | null): void {
  trace.server ??= serverOf(connection());
}

function serverOf(connection: Connection | null): ServerTrace | null {
  if (connection === null) return null;
  const { endpoint, address, database } = connection.report;
  return { host: endpoint.host, port: endpoint.port, peer: address, database };
}

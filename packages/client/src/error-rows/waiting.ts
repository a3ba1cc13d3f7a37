import { type ErrorRow, row } from "./row.ts";

/** What ends waiting: deadlines, lost connections, closing. */
export const waiting = {
  TIMEOUT_CONNECT: row(
    true,
    "A slow or overloaded server, or a network that drops packets.",
    "The connection was not ready within its deadline (connectTimeout); the stage reached is in the message.",
  ),
  TIMEOUT_COMMAND: row(
    true,
    "A slow command, an overloaded server, or a network that drops packets.",
    "No reply within the command's deadline: look at slow commands and the network; it may have been executed.",
  ),
  TIMEOUT_POOL: row(
    true,
    "More work at a time than the pool has clients, or clients that are taken and never given back.",
    "Give clients back (using client = …), raise the maximum of the pool, or allow more time (acquireTimeout).",
  ),
  TIMEOUT_QUEUE: row(
    true,
    "The server was away for longer than commands may wait.",
    "The command waited for a connection until its time in the queue was over, and was never sent.",
  ),
  TIMEOUT_SOCKET: row(
    true,
    "The network lost the connection without telling either side.",
    "The connection had stopped answering and was replaced; commands in flight may have been executed.",
    "when-lost",
  ),
  CLOSED_CLIENT: row(
    false,
    "close() or destroy() was called.",
    "The client was closed: make a new one, or close it later.",
  ),
  CLOSED_CONNECTION: row(
    true,
    "The server was restarted, failed over, or closed an idle connection.",
    "The connection was lost while the command was in flight; it may have been executed.",
    "when-lost",
  ),
  CLOSED_NOT_CONNECTED: row(
    true,
    "connect() was not called or not awaited.",
    "There is no connection and the offline queue is off: call connect() first.",
  ),
  CLOSED_QUEUE_FULL: row(
    true,
    "The server is away and the program goes on sending.",
    "Too many commands wait for the connection: slow down, or raise the limits of the offline queue.",
  ),
  CLOSED_ABORTED: row(false, "The caller gave up.", "The signal given with the call was aborted."),
} as const satisfies Record<string, ErrorRow>;

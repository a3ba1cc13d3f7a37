import { Buffer } from "node:buffer";
import { RedoubtError } from "@redoubt/client";
import type { Wire } from "@redoubt/client/net";
import { ReplyScanner } from "../resp/reply-scanner.ts";

/** Longest reply that a check reads, bytes: `INFO replication` of a server with many replicas has some kilobytes. */
const longest = 256 * 1024;

/**
 * Sends one command and resolves with the whole reply, as it came.
 * @throws RedoubtError `CLOSED_CONNECTION`, `TIMEOUT_COMMAND`, `REPLY_PROTOCOL`
 */
export function ask(wire: Wire, command: readonly string[], timeout: number): Promise<string> {
  const { socket } = wire;
  const scanner = new ReplyScanner();
  const held: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const over = (settle: () => void): void => {
      clearTimeout(late);
      socket.off("close", closed);
      wire.release();
      settle();
    };
    const fail = (error: RedoubtError): void => over(() => reject(error));
    const closed = (): void =>
      fail(new RedoubtError("CLOSED_CONNECTION", "The connection was closed before the reply came"));
    const late = setTimeout(
      () => fail(new RedoubtError("TIMEOUT_COMMAND", `no reply to ${command[0]} within ${timeout} ms`)),
      timeout,
    );
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      held.push(Buffer.from(chunk));
      try {
        if (scanner.next(chunk, 0, chunk.length) >= 0) over(() => resolve(Buffer.concat(held).toString()));
        else if (size > longest) fail(new RedoubtError("REPLY_PROTOCOL", "The reply does not end"));
      } catch {
        fail(new RedoubtError("REPLY_PROTOCOL", "The peer does not speak Redis"));
      }
    };
    socket.once("close", closed);
    if (socket.destroyed) return closed();
    wire.read((chunk, length) => take(chunk.subarray(0, length)));
    socket.write(
      `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`,
    );
  });
}

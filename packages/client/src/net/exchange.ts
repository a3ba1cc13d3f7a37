import { once } from "node:events";
import type { Command } from "../commands/command.ts";
import type { ReplyError } from "../errors.ts";
import { asObject, asStrings, Decoder, type ReplySink } from "../protocol/decoder.ts";
import { Encoder } from "../protocol/encoder.ts";
import type { Wire } from "./wire.ts";

/**
 * A few commands and their replies on a socket that nobody owns yet: the handshake, a probe. All commands leave in one
 * write. Error replies are values here, since a handshake goes on after some of them.
 * @returns one reply per command, in order
 * @throws what ended the socket, or the signal's reason
 */
export async function exchange(
  wire: Wire,
  commands: readonly Command<unknown>[],
  signal: AbortSignal,
): Promise<unknown[]> {
  const { socket } = wire;
  const replies: unknown[] = [];
  const ended = new AbortController();
  try {
    return await new Promise<unknown[]>((resolve, reject) => {
      const take = (value: unknown): void => {
        if (replies.push(value) === commands.length) resolve(replies);
      };
      const sink: ReplySink = {
        replyMode: () => (commands[replies.length]?.spec.shape === "object" ? asObject : asStrings),
        onReply: take,
        onReplyError: (error: ReplyError) => take(error),
        onPush: () => {},
      };
      const decoder = new Decoder(sink);
      if (signal.aborted) return reject(signal.reason as Error);
      signal.addEventListener("abort", () => reject(signal.reason as Error), { signal: ended.signal });
      once(socket, "error", { signal: ended.signal }).then(
        ([error]) => reject(error as Error),
        () => {},
      );
      once(socket, "close", { signal: ended.signal }).then(
        () =>
          reject(Object.assign(new Error("the peer closed the connection"), { code: "ECONNRESET", replies })),
        () => {},
      );
      wire.read((chunk, length) => {
        try {
          decoder.write(chunk, length);
        } catch (error) {
          reject(error as Error);
        }
      });
      const encoder = new Encoder();
      for (const each of commands) encoder.add(each);
      for (const bytes of encoder.take()) socket.write(bytes);
    });
  } finally {
    wire.release();
    ended.abort();
  }
}

import type { Command } from "../commands/command.ts";
import { RedoubtError, type ReplyError } from "../errors.ts";
import { Decoder } from "../protocol/decoder.ts";
import { Encoder } from "../protocol/encoder.ts";
import { asObject, asStrings, type ReplySink } from "../protocol/reply.ts";
import type { Wire } from "./wire.ts";

/**
 * A few commands and their replies on a socket that nobody owns yet: the handshake, a probe. All commands leave in one
 * write. Error replies are values here, since a handshake goes on after some of them. Pushes are passed over.
 * @param onReply told each reply when it comes
 * @returns one reply per command, in order
 * @throws what ended the socket, the signal's reason, or RedoubtError `REPLY_…` for bytes that are no replies
 */
export async function exchange(
  wire: Wire,
  commands: readonly Command<unknown>[],
  signal: AbortSignal,
  onReply?: (reply: unknown) => void,
): Promise<unknown[]> {
  const { socket } = wire;
  const replies: unknown[] = [];
  const take = (reply: unknown): void => {
    replies.push(reply);
    onReply?.(reply);
  };
  const sink: ReplySink = {
    replyMode: () => (commands[replies.length]?.spec.shape === "object" ? asObject : asStrings),
    onReply: take,
    onReplyError: (error: ReplyError) => take(error),
    onPush: () => {},
  };
  const decoder = new Decoder(sink);
  const encoder = new Encoder();
  let stop = (): void => {};
  try {
    return await new Promise<unknown[]>((resolve, reject) => {
      const aborted = (): void => reject(signal.reason as Error);
      const closed = (): void => reject(socket.errored ?? hungUp());
      stop = () => {
        signal.removeEventListener("abort", aborted);
        socket.off("error", reject).off("close", closed);
      };
      if (signal.aborted) return aborted();
      // It may have been lost between two stages, when nobody listened.
      if (socket.destroyed) return closed();
      signal.addEventListener("abort", aborted);
      socket.on("error", reject).on("close", closed);
      wire.read((chunk, length) => {
        try {
          decoder.write(chunk, length);
          if (replies.length > commands.length) throw tooMany();
        } catch (error) {
          return reject(error as Error);
        }
        // A push that has begun must end here: the next reader would find the middle of it.
        if (replies.length === commands.length && !decoder.midReply) resolve(replies);
      });
      for (const each of commands) encoder.add(each);
      for (let bytes = encoder.take(); bytes !== null; bytes = encoder.take()) socket.write(bytes);
    });
  } finally {
    stop();
    wire.release();
    if (socket.writableLength === 0) encoder.written();
  }
}

function hungUp(): Error {
  return Object.assign(new Error("the peer closed the connection"), { code: "ECONNRESET" });
}

function tooMany(): RedoubtError {
  return new RedoubtError("REPLY_PROTOCOL", "The peer sent a reply that nobody asked for");
}

import type { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { type Command, command, newSpec } from "../commands/command.ts";
import type { CommandExecutor } from "../commands/executor.ts";
import { valueChunkBytes } from "./value-chunk.ts";

/** {@link createValueReadStream}. */
export interface ValueReadOptions {
  /** How much is asked for at a time, bytes. Default 256 KiB. */
  readonly chunkBytes?: number;
  /** Where to begin, bytes. Default 0. */
  readonly start?: number;
  /** Ends the stream with the reason. */
  readonly signal?: AbortSignal;
}

const GETRANGE = newSpec("GETRANGE", { readonly: true, shape: "bytes" });

function getRange(key: string, from: number, to: number): Command<Buffer> {
  return command(GETRANGE, [key, from, to]);
}

/**
 * A string value as a stream of Buffers, in bounded memory: the next piece is asked for while the last one is being dealt
 * with, and none while nobody reads. A key that does not exist gives an empty stream.
 *
 * Each piece is what the server has at that moment. A value that is replaced as a whole meanwhile, as
 * `createValueWriteStream` does, goes on with the new one.
 *
 * ```ts
 * await pipeline(createValueReadStream(client, "video"), createWriteStream("video.mp4"));
 * ```
 * @param client a client, a cluster, a Sentinel, a pool
 * @throws RedoubtError as the stream's error: what `GETRANGE` may reject with
 */
export function createValueReadStream(
  client: CommandExecutor,
  key: string,
  { chunkBytes = valueChunkBytes, start = 0, signal }: ValueReadOptions = {},
): Readable {
  let at = start;
  return new Readable({
    highWaterMark: chunkBytes,
    ...(signal !== undefined && { signal }),
    read() {
      client.execute(getRange(key, at, at + chunkBytes - 1)).then(
        (piece) => {
          at += piece.length;
          if (piece.length > 0) this.push(piece);
          if (piece.length < chunkBytes) this.push(null);
        },
        (error: Error) => this.destroy(error),
      );
    },
  });
}

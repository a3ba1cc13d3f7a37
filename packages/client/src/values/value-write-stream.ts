import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import type { CommandExecutor } from "../commands/executor.ts";
import { rename, unlink } from "../commands/generic.ts";
import { pExpire, persist } from "../commands/generic-expire.ts";
import { append, set } from "../commands/string.ts";
import { valueChunkBytes } from "./value-chunk.ts";

/** {@link createValueWriteStream}. */
export interface ValueWriteOptions {
  /** How much is sent at a time, about, and may wait here, bytes. Default 256 KiB. */
  readonly chunkBytes?: number;
  /** When the value ends, ms from when it is there. Default: never. */
  readonly expireMs?: number;
  /** Gives up: the key stays as it was. */
  readonly signal?: AbortSignal;
}

/** What a writer that died leaves behind goes by itself after so long, ms. */
const abandonedMs = 3_600_000;

/**
 * Writes a string value piece by piece, in bounded memory. Readers see the old value until the stream has finished, and the
 * new one afterwards: the pieces go to a key of their own in the same slot, which is renamed at the end. When the stream is
 * destroyed or fails, nothing has changed.
 *
 * ```ts
 * await pipeline(createReadStream("video.mp4"), createValueWriteStream(client, "video"));
 * ```
 * @param client a client, a cluster, a Sentinel, a pool
 * @throws RedoubtError as the stream's error: what the commands may reject with. Redis holds up to 512 MB under a key.
 */
export function createValueWriteStream(
  client: CommandExecutor,
  key: string,
  { chunkBytes = valueChunkBytes, expireMs, signal }: ValueWriteOptions = {},
): Writable {
  const parts = besideKey(key);
  let begun = false;
  const write = async (piece: Buffer): Promise<void> => {
    if (begun) return void (await client.execute(append(parts, piece)));
    begun = true;
    await client.execute(set(parts, piece, { expiration: { type: "PX", value: abandonedMs } }));
  };
  const finish = async (): Promise<void> => {
    if (!begun) await write(Buffer.alloc(0));
    await client.execute(expireMs === undefined ? persist(parts) : pExpire(parts, expireMs));
    await client.execute(rename(parts, key));
    begun = false;
  };
  return new Writable({
    highWaterMark: chunkBytes,
    ...(signal !== undefined && { signal }),
    write: (chunk: Buffer, _encoding, done) => void settle(write(chunk), done),
    writev: (chunks, done) =>
      void settle(write(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer))), done),
    final: (done) => void settle(finish(), done),
    destroy: (error, done) => {
      if (!begun) return done(error);
      void settle(client.execute(unlink(parts)), () => done(error));
    },
  });
}

/** A key that nobody else uses, in the same slot of a cluster: the part of a name in braces decides. */
function besideKey(key: string): string {
  const tagged = /\{[^}]+\}/.test(key);
  return `${tagged ? key : `{${key}}`}:${randomUUID()}`;
}

async function settle(work: Promise<unknown>, done: (error?: Error | null) => void): Promise<void> {
  try {
    await work;
  } catch (error) {
    return done(error as Error);
  }
  done();
}

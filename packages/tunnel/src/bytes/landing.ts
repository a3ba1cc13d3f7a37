import { Buffer } from "node:buffer";
import type { OnReadOpts, Socket } from "node:net";

/** Sockets without memory of their own all read into this block: what lands there is copied before anything else is read. */
export const block = Buffer.allocUnsafeSlow(64 * 1024);

/** What Node holds of a connection. */
interface Handle {
  useUserBuffer?(block: Uint8Array): void;
}

/**
 * Reads an accepted socket from now on as `onread` does with sockets that connect, without an allocation by Node and a trip
 * through its streams for each read: a tenth of what a short command costs. What was read or put back before comes as `data`;
 * `end`, `pause` and `resume` are as ever.
 *
 * For accepted sockets Node 20 to 24 has it inside, and no option: where a Node has it not, nothing is changed, and everything
 * comes as `data`.
 * @returns whether it could be done
 */
export function adopt(socket: Socket, { buffer, callback }: OnReadOpts): boolean {
  const inner = socket as unknown as Record<symbol, unknown> & { readonly _handle?: Handle | null };
  const symbols = Object.getOwnPropertySymbols(socket);
  const [memory, called, next] = ["kBuffer", "kBufferCb", "kBufferGen"].map((name) =>
    symbols.find(({ description }) => description === name),
  );
  const handle = inner._handle;
  if (memory === undefined || called === undefined || next === undefined) return false;
  if (typeof handle?.useUserBuffer !== "function") return false;
  const first = typeof buffer === "function" ? buffer() : buffer;
  inner[memory] = first;
  inner[called] = callback;
  inner[next] = typeof buffer === "function" ? buffer : null;
  handle.useUserBuffer(first);
  return true;
}

/**
 * Takes what an accepted socket reads from now on: {@link adopt}, for bytes that are few.
 * @param take gets bytes that are its own
 * @returns whether it could be done
 */
export function land(socket: Socket, take: (bytes: Buffer) => void): boolean {
  const callback = (length: number): boolean => {
    take(Buffer.from(block.subarray(0, length)));
    return true;
  };
  return adopt(socket, { buffer: block, callback });
}

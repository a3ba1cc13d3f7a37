import { Buffer } from "node:buffer";
import type { Socket } from "node:net";

/** All sockets that are read this way read into this one block: what lands there is copied before anything else is read. */
const block = Buffer.allocUnsafeSlow(64 * 1024);

/** What Node holds of a connection. */
interface Handle {
  useUserBuffer?(block: Buffer): void;
}

/**
 * Takes what an accepted socket reads from now on, without an allocation by Node and a trip through its streams for each read:
 * a tenth of what a short command costs. What was read or put back before comes as `data`; `end`, `pause` and `resume` are as
 * ever.
 *
 * That is what `onread` does for sockets that connect. For accepted ones Node 20 to 24 has it inside, and no option: where a
 * Node has it not, nothing is changed, and everything comes as `data`.
 * @param take gets bytes that are its own
 * @returns whether it could be done
 */
export function land(socket: Socket, take: (bytes: Buffer) => void): boolean {
  const inner = socket as unknown as Record<symbol, unknown> & { readonly _handle?: Handle | null };
  const symbols = Object.getOwnPropertySymbols(socket);
  const [memory, callback] = ["kBuffer", "kBufferCb"].map((name) =>
    symbols.find(({ description }) => description === name),
  );
  const handle = inner._handle;
  if (memory === undefined || callback === undefined || typeof handle?.useUserBuffer !== "function")
    return false;
  inner[memory] = block;
  inner[callback] = (length: number): boolean => {
    take(Buffer.from(block.subarray(0, length)));
    return true;
  };
  handle.useUserBuffer(block);
  return true;
}

import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { type Speech, speechOf } from "../bytes/first-byte.ts";
import type { ProxyHeader } from "../bytes/proxy/header.ts";
import { readProxyHeader } from "../bytes/proxy/read.ts";

/** What is looked for at the beginning of a connection. */
export interface PreludeWants {
  /** A PROXY header must come first (`required`), must not come (`forbidden`), or is not looked for (`no`). */
  readonly proxy: "required" | "forbidden" | "no";
  /** Whether the first byte of the client is waited for, and says what it speaks. */
  readonly firstByte: boolean;
}

/** What was found. All bytes after the header were put back into the socket. */
export interface Prelude {
  readonly header: ProxyHeader | null;
  /** Null where the first byte was not waited for. */
  readonly speech: Speech | null;
}

/** Gives up waiting. */
export type Forget = () => void;

/**
 * Reads the beginning of a connection, which nobody has read yet. When the client hangs up first, the socket is closed.
 * @param done is called once with what was found, or with why the connection is refused; not when the client hangs up first
 * @returns gives up, and leaves the socket alone
 */
export function readPrelude(
  socket: Socket,
  wants: PreludeWants,
  done: (found: Prelude | { readonly malformed: string }) => void,
): Forget {
  let held: Buffer | null = null;
  let header: ProxyHeader | null = null;
  const forget = (): void => void socket.off("readable", look).off("end", hungUp);
  const hungUp = (): void => void socket.destroy();
  const finish = (found: Prelude | { readonly malformed: string }): void => {
    forget();
    if (held !== null && held.length > 0) socket.unshift(held);
    done(found);
  };
  const look = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    held = held === null ? chunk : Buffer.concat([held, chunk]);
    if (wants.proxy === "required" && header === null) {
      const reading = readProxyHeader(held);
      if (reading.state === "more") return;
      if (reading.state === "malformed") return finish({ malformed: reading.why });
      header = reading.header;
      held = held.subarray(reading.bytes);
    } else if (wants.proxy === "forbidden" && looksLikeHeader(held))
      return finish({ malformed: "a PROXY header from an address that is not trusted to send one" });
    if (!wants.firstByte) return finish({ header, speech: null });
    if (held.length > 0) finish({ header, speech: speechOf(held[0] as number) });
  };
  socket.on("readable", look).once("end", hungUp);
  return forget;
}

/** Both versions are told from commands and from TLS by six bytes; fewer never make a command of Redis. */
function looksLikeHeader(bytes: Buffer): boolean {
  return bytes.length >= 6 && readProxyHeader(bytes).state !== "malformed";
}

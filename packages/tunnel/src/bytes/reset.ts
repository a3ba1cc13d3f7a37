import type { Socket } from "node:net";

/** The TCP socket below each TLS socket that was told to {@link layOver}. */
const below = new WeakMap<Socket, Socket>();

/** Remembers what carries a TLS socket: only the TCP socket itself can be reset. */
export function layOver(secure: Socket, carrier: Socket): void {
  below.set(secure, carrier);
}

/**
 * Ends a connection with a TCP reset, so that the peer sees a failure and not an orderly end. Where there is nothing to
 * reset (a Unix socket, a socket already gone, TLS over an unknown carrier), it is only destroyed.
 */
export function reset(socket: Socket): void {
  const carrier = below.get(socket);
  // Whoever resets from within an event of a TLS socket would take the ground from under OpenSSL: Node 20 then crashes.
  if (carrier === undefined) resetNow(socket, socket);
  else setImmediate(resetNow, carrier, socket);
}

function resetNow(carrier: Socket, socket: Socket): void {
  if (!carrier.destroyed) {
    try {
      carrier.resetAndDestroy();
    } catch {
      // Node resets TCP handles only.
    }
  }
  socket.destroy();
}

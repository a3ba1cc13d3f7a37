import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** The TCP socket below each TLS socket that was told to {@link layOver}. */
const below = new WeakMap<Socket, Socket>();

/** Remembers what carries a TLS socket: only the TCP socket itself can be reset. */
export function layOver(secure: Socket, carrier: Socket): void {
  below.set(secure, carrier);
}

/**
 * Ends a connection with a TCP reset, so that the peer sees a failure and not an orderly end. Where there is nothing to
 * reset (a Unix socket, a socket already gone), it is only destroyed.
 */
export function reset(socket: Socket): void {
  const carrier = below.get(socket);
  // Whoever resets from within an event of a TLS socket would take the ground from under OpenSSL: Node 20 then crashes.
  if (carrier !== undefined) setImmediate(resetNow, carrier, socket);
  else if (socket instanceof TLSSocket) setImmediate(resetBelow, socket);
  else resetNow(socket, socket);
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

/** What Node holds of a TCP connection, or a pipe. */
interface Handle {
  close(done: () => void): void;
  reset?(done: () => void): number;
}

/**
 * Of a TLS socket that has opened its own TCP connection, Node has no public name for that: closing the one closes the other,
 * which is made to reset instead.
 */
function resetBelow(socket: TLSSocket): void {
  const { _handle } = socket as unknown as { readonly _handle: { readonly _parent?: Handle } | null };
  const tcp = _handle?._parent;
  if (tcp?.reset !== undefined) tcp.close = tcp.reset;
  socket.destroy();
}

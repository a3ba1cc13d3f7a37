import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";
import type { LoadTarget } from "./load.ts";

const ping = "PING\r\n";

/** How connections are opened and closed, one after the other, on so many lanes. */
const lanes = 8;

/** How long an answer may take, ms. */
const patience = 5000;

/** What opening connections came to. */
export interface ConnectsFound {
  readonly perSecond: number;
  readonly connections: number;
}

/**
 * Opens connections, says PING, closes, for some time.
 * @param secure trusts the CA, where the port speaks TLS
 * @param resume whether each lane offers its last session
 * @throws Error when none was answered
 */
export async function runConnects(
  target: LoadTarget,
  secure: SecureContext | null,
  resume: boolean,
  duration: number,
): Promise<ConnectsFound> {
  const until = performance.now() + duration;
  const began = performance.now();
  let connections = 0;
  const lane = async (): Promise<void> => {
    let session: Buffer | undefined;
    while (performance.now() < until) {
      const socket = open(target, secure, resume ? session : undefined);
      socket.on("error", () => {});
      socket.on("session", (ticket: Buffer) => {
        session = ticket;
      });
      socket.write(ping);
      await answered(socket);
      if (!socket.destroyed) connections++;
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (connections === 0) throw new Error("no connection was answered");
  return { perSecond: (connections / (performance.now() - began)) * 1000, connections };
}

/** Opens idle connections that have said one PING; closes them when disposed of. */
export async function holdOpen(
  target: LoadTarget,
  secure: SecureContext | null,
  count: number,
): Promise<Disposable> {
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i++) {
    const socket = open(target, secure);
    socket.on("error", () => {});
    sockets.push(socket);
    socket.write(ping);
    await answered(socket);
  }
  return { [Symbol.dispose]: () => sockets.forEach((socket) => void socket.destroy()) };
}

/** Resolves with the first bytes, or the end; after a while it is given up. */
function answered(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => socket.destroy(), patience);
    const over = (): void => {
      clearTimeout(late);
      resolve();
    };
    socket.once("data", over).once("close", over);
  });
}

/** Trusts the CA of the benchmark. */
export function trusting(ca: string): SecureContext {
  return createSecureContext({ ca });
}

function open({ port }: LoadTarget, secure: SecureContext | null, session?: Buffer): Socket {
  const where = { port, host: "127.0.0.1", noDelay: true };
  if (secure === null) return connectTcp(where);
  return connectTls({
    ...where,
    servername: "localhost",
    secureContext: secure,
    ...(session !== undefined && { session }),
  });
}

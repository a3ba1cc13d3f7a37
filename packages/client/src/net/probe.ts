import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Address, socketAddress } from "./resolve.ts";

/**
 * Whether plain Redis listens where TLS was expected. A plain Redis never answers a ClientHello (its parser waits for a
 * line end), so silence is asked about with an inline `PING` on a connection of its own. No credential is sent.
 * @param timeout ms
 * @param signal ends the question, with the answer no
 */
export function speaksPlainRedis(address: Address, timeout: number, signal: AbortSignal): Promise<boolean> {
  const socket = connectTcp(socketAddress(address));
  return outcome(socket, timeout, signal, (done) => {
    socket.once("connect", () => socket.write("PING\r\n"));
    socket.once("data", (bytes) => done(/^(\+PONG|-[A-Z]+ )/.test(bytes.toString("latin1"))));
  });
}

/**
 * Whether TLS is spoken where plain text was expected: a handshake that stops before anything is sent.
 * @param timeout ms
 * @param signal ends the question, with the answer no
 */
export function speaksTls(address: Address, timeout: number, signal: AbortSignal): Promise<boolean> {
  // Nothing but the handshake happens on this connection, so there is nobody to be verified.
  const socket = connectTls({ ...socketAddress(address), rejectUnauthorized: false });
  return outcome(socket, timeout, signal, (done) => {
    socket.once("secureConnect", () => done(true));
    // A TLS server that wants something we do not offer still answers in TLS.
    socket.once("error", (error: NodeJS.ErrnoException) => done(/ALERT/.test(error.code ?? "")));
  });
}

function outcome(
  socket: Socket,
  timeout: number,
  signal: AbortSignal,
  watch: (done: (found: boolean) => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (found: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", no);
      socket.destroy();
      resolve(found);
    };
    const no = (): void => done(false);
    const timer = setTimeout(no, timeout);
    socket.on("error", () => {});
    watch(done);
    socket.once("close", no);
    if (signal.aborted) no();
    else signal.addEventListener("abort", no);
  });
}

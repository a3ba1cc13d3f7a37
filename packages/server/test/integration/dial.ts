import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import type { Readable } from "node:stream";
import { type ConnectionOptions, connect as connectTls } from "node:tls";

const deadline = 20_000;

/**
 * What Node makes of a TLS port: the protocol that was agreed on and the answer to PING, or the code of the error.
 * A server that wants a client certificate says so only after the handshake (TLS 1.3), so the PING belongs to it.
 */
export async function tryTls(options: ConnectionOptions & { port: number }): Promise<string> {
  const socket = connectTls({ host: "localhost", ...options });
  try {
    const answer = first(socket);
    answer.catch(() => {});
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(deadline) });
    socket.write("PING\r\n");
    return `${socket.getProtocol()} ${await answer}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  } finally {
    socket.destroy();
  }
}

/** Says something in plain text and returns what comes back. */
export async function talk(port: number, text: string, host = "127.0.0.1"): Promise<string> {
  const socket = connectTcp({ host, port });
  try {
    const answer = first(socket);
    socket.write(text);
    return await answer;
  } finally {
    socket.destroy();
  }
}

/** The first bytes that come out of a stream. */
export async function first(stream: Readable): Promise<string> {
  const [data] = (await once(stream, "data", { signal: AbortSignal.timeout(deadline) })) as [Buffer];
  return data.toString().trim();
}

import { connect as connectTcp, type NetConnectOpts, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, createSecureContext } from "node:tls";
import type { Endpoint } from "../clients/contender.ts";
import type { Measurement, Task } from "../measurement.ts";
import { encode } from "./counting-socket.ts";
import { measureTask } from "./load.ts";

/** What the reply to HELLO ends with: the modules, none of which is loaded. */
const endOfHello = "modules\r\n*0\r\n";

/** Longest that one connection may take, ms. */
const limit = 5000;

/**
 * The limit of the row of connects: `net.connect` or `tls.connect` of Node with one context and the session of the last
 * connection, HELLO with AUTH, its reply awaited, closed. No timer per stage, no name resolved, nothing parsed.
 */
export async function measureRawConnects({ endpoint, ...task }: Task): Promise<Measurement> {
  const login = encode(["HELLO", "3", "AUTH", "default", endpoint.password]);
  const open = opener(endpoint);
  return measureTask(
    async (tally) => {
      while (!tally.stop) {
        const start = performance.now();
        const socket = open();
        await answered(socket, login);
        tally.latencies?.push(performance.now() - start);
        tally.ops++;
        socket.destroy();
      }
    },
    { endpoint, ...task },
  );
}

function opener({ host, port, ca }: Endpoint): () => Socket {
  const options: NetConnectOpts = { host, port, noDelay: true };
  if (ca === null) return () => connectTcp(options);
  const secureContext = createSecureContext({ ca });
  let session: Buffer | undefined;
  return () => {
    const own: ConnectionOptions = {
      host,
      port,
      servername: host,
      secureContext,
      ...(session && { session }),
    };
    return connectTls(own).on("session", (ticket) => {
      session = ticket;
    });
  };
}

function answered(socket: Socket, login: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let tail = "";
    socket.once("error", reject).setTimeout(limit, () => reject(new Error("no answer to HELLO")));
    socket.on("data", (chunk: Buffer) => {
      tail = (tail + chunk.toString("latin1")).slice(-endOfHello.length);
      if (tail === endOfHello) resolve();
    });
    // It leaves with the end of the handshake.
    socket.write(login);
  });
}

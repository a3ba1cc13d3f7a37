import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import type { Authority, CertificateOptions } from "@redoubt/server";
import { Listener } from "../../../src/listen/listener.ts";
import type { ListenerOptions } from "../../../src/listen/listener-options.ts";

/** A folder for the files of one test. */
export async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "redoubt-listen-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Issues a certificate into two files. */
export async function pair(
  into: string,
  name: string,
  authority: Authority,
  options: CertificateOptions = {},
) {
  const issued = await authority.issue(options);
  const files = { certFile: join(into, `${name}.crt`), keyFile: join(into, `${name}.key`) };
  await writeFile(files.certFile, issued.certificate);
  await writeFile(files.keyFile, issued.key);
  return { ...files, cert: issued.certificate, key: issued.key };
}

/** A listener on a free port that answers with what `answer` says of the connection, and hangs up. */
export async function answering(
  options: Partial<ListenerOptions>,
): Promise<{ listener: Listener; port: number } & Disposable> {
  const listener = await Listener.open({
    at: "127.0.0.1:0",
    serve: ({ socket, tls }) => {
      socket.once("data", () => {
        const { servername, protocol, resumed, certificate } = tls ?? {};
        socket.end(JSON.stringify({ servername, protocol, resumed, certificate }));
      });
    },
    ...options,
  });
  const port = "port" in listener.address ? listener.address.port : 0;
  return { listener, port, [Symbol.dispose]: () => listener.destroy() };
}

/** What one TLS connection came to. */
export interface Said {
  /** The reply, or the code of the error. */
  readonly answer: string;
  /** Common name of the server's certificate. */
  readonly shown: string | undefined;
  /** For the next connection. */
  readonly session: Buffer | undefined;
}

/** Says one word in TLS. */
export async function sayTls(options: ConnectionOptions, word = "PING\r\n"): Promise<Said> {
  const socket: TLSSocket = connect({ host: "127.0.0.1", servername: "localhost", ...options });
  let session: Buffer | undefined;
  let shown: string | undefined;
  let failure: string | undefined;
  socket.on("session", (ticket: Buffer) => {
    session = ticket;
  });
  socket.on("secureConnect", () => {
    const name = socket.getPeerCertificate().subject as { CN?: string } | undefined;
    shown = name?.CN;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    failure ??= error.code ?? error.message;
  });
  socket.write(word);
  const answer = await text(socket).catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
  return { answer: failure ?? answer, shown, session };
}

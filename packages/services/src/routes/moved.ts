import { goodbye, Listener } from "@redoubt/tunnel/parts";
import type { CertificateFiles } from "../identity/certificates.ts";

/** How long a client may take to say its first word before it is told unasked, ms. */
const patience = 2_000;

/**
 * Listens where a service was before, and tells every client where it is now: one that speaks TLS through TLS, one that does not in
 * plain text, and one that speaks TLS at a plain port by a TLS alert. Nobody is left hanging.
 *
 * @param certificate of a port that was TLS; null for one that was plain
 */
export function openMoved(
  port: number,
  words: string,
  certificate: CertificateFiles | null,
): Promise<Listener> {
  return Listener.open({
    at: { host: "127.0.0.1", port },
    mistaken: words,
    ...(certificate !== null && { tls: { certificates: [certificate], watchEvery: 0 } }),
    serve: ({ socket }) => {
      const tell = (): void => {
        clearTimeout(limit);
        socket.off("data", tell);
        goodbye(socket, `-ERR ${words}\r\n`);
      };
      const limit = setTimeout(tell, patience);
      socket.once("close", () => clearTimeout(limit));
      // An error that comes before the first command is asked for would be taken for the answer to nothing.
      socket.on("data", tell);
    },
  });
}

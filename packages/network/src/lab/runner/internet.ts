import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";

/*
 * The internet of a laboratory, as a program of its own: `node internet.js FOLDER`. It answers at every address of its namespace:
 * the list of revoked certificates by HTTP on port 80, and connections on the ports of what a cache depends on.
 */

/** Ports on which something listens that a cache depends on. */
const dependencyPorts = [443, 12_000, 1688];

const [folder = "."] = process.argv.slice(2);

const web = createHttpServer((request, response) => {
  if (!request.url?.endsWith(".crl")) {
    response.writeHead(200, { "content-type": "text/plain" }).end("redoubt laboratory\n");
    return;
  }
  response.writeHead(200, { "content-type": "application/pkix-crl" }).end(readFileSync(`${folder}/lab.crl`));
});

// They take the connection, and hang up when the other side does.
const taking = dependencyPorts.map((port) => ({
  port,
  server: createTcpServer((socket) =>
    socket
      .on("error", () => {})
      .setTimeout(10_000, () => socket.destroy())
      .resume(),
  ),
}));

await Promise.all([listening(web, 80), ...taking.map(({ port, server }) => listening(server, port))]);
process.stdout.write("ready\n");

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "0.0.0.0", resolve);
  });
}

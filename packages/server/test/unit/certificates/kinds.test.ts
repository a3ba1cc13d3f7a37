import { once } from "node:events";
import { connect, createServer, type TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import { createAuthority } from "../../../src/certificates/authority.ts";
import { certificateKinds, issueKind } from "../../../src/certificates/kinds.ts";
import { verdicts } from "../../verdicts.ts";

test("the table of verdicts covers every kind", () => {
  expect(Object.keys(verdicts).sort()).toEqual([...certificateKinds].sort());
});

test.each(certificateKinds)("Node's verdict on %s", async (kind) => {
  const authority = await createAuthority();
  const { certificate, key } = await issueKind(kind, authority);
  const server = createServer({ cert: certificate, key }, (socket) => socket.on("error", () => {}));
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  try {
    expect(await verdict(port, authority.certificate, "localhost")).toBe(verdicts[kind].byName);
    expect(await verdict(port, authority.certificate, undefined)).toBe(verdicts[kind].byAddress);
  } finally {
    server.close();
  }
});

async function verdict(port: number, ca: string, servername: string | undefined): Promise<string> {
  const named = servername === undefined ? {} : { servername };
  const socket: TLSSocket = connect({ host: "127.0.0.1", port, ca, ...named });
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(5_000) });
    return "trusted";
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  } finally {
    socket.destroy();
  }
}

import { once } from "node:events";
import { type ConnectionOptions, connect, createServer, type SecureVersion } from "node:tls";
import { createAuthority } from "@redoubt/server";
import { expect, test } from "vitest";
import { withoutPeer } from "../../../src/tls/session-form.ts";

const authority = await createAuthority();
const { certificate: cert, key, x509 } = await authority.issue();

/** A session of a real handshake, and whether it is resumed once it has been changed. */
async function handshake(maxVersion: SecureVersion, change: (session: Buffer) => Buffer) {
  const server = createServer({ cert, key, maxVersion }, (socket) =>
    socket.on("error", () => {}).end("hello"),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const open = async (options: ConnectionOptions) => {
    let session: Buffer | null = null;
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options });
    socket.on("session", (found) => {
      session = found;
    });
    let resumed = false;
    socket.on("secureConnect", () => {
      resumed = socket.isSessionReused();
    });
    await once(socket.resume(), "close");
    return { session: session as Buffer | null, resumed };
  };
  try {
    const session = (await open({})).session as Buffer;
    const changed = change(session);
    return { session, changed, again: await open({ session: changed }) };
  } finally {
    server.close();
  }
}

test("a session of TLS 1.3 is resumed without the certificate in it", async () => {
  const { session, changed, again } = await handshake("TLSv1.3", withoutPeer);
  expect(session.includes(x509.raw)).toBe(true);
  expect(changed.includes(x509.raw)).toBe(false);
  expect(changed.length).toBeLessThan(session.length - x509.raw.length);
  expect(again.resumed).toBe(true);
});

test("a session of TLS 1.2 stays as it is", async () => {
  const { session, changed, again } = await handshake("TLSv1.2", withoutPeer);
  expect(changed).toBe(session);
  expect(again.resumed).toBe(true);
});

test("whatever is no session stays as it is", async () => {
  const { session } = await handshake("TLSv1.3", withoutPeer);
  for (let length = 0; length < session.length; length++) {
    const part = session.subarray(0, length);
    expect(withoutPeer(part)).toBe(part);
  }
  const longer = Buffer.concat([session, Buffer.from([0])]);
  expect(withoutPeer(longer)).toBe(longer);
  const wrongInside = Buffer.from(session);
  // The length of the first field.
  wrongInside[5] = 0xff;
  expect(withoutPeer(wrongInside)).toBe(wrongInside);
});

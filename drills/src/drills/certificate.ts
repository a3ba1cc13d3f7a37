import { deepEqual, equal, notEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { type StoredCertificate, startServer } from "@redoubt/server";
import type { Drill } from "../drill.ts";
import { Subject } from "../stage/subject.ts";

const clients = 32;
const storms = 3;

export const certificate: Drill = {
  name: "certificate",
  title: "Certificate replaced, then reconnect storms",
  what: `The server gets another certificate while ${clients} clients work: their connections live on, a new one is shown the new certificate and verifies it. Then the server closes all connections at once, ${storms} times.`,
  allowed: { recoverMs: 1500, codes: ["CLOSED_CONNECTION"] },
  async run() {
    await using server = await startServer();
    await using subject = await Subject.open({ kind: "client", url: server.uri, clients });
    const old = pinOf(server.certificate);
    deepEqual(await subject.certificates(), Array(clients).fill(old));
    await subject.load();

    const fresh = pinOf(await server.replaceCertificate());
    notEqual(fresh, old);
    await subject.flows();
    deepEqual(await subject.certificates(), Array(clients).fill(old), "a connection did not live on");
    equal(await subject.newcomer(), fresh, "a new connection was not shown the new certificate");

    for (let round = 0; round < storms; round++) {
      equal(await server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"), clients);
      await subject.flows();
      deepEqual(await subject.certificates(), Array(clients).fill(fresh));
    }
    return { account: await subject.finish(), facts: { "connections closed": storms * clients } };
  },
};

/** SHA-256 of the public key in base64, as the client reports it. */
function pinOf({ x509 }: StoredCertificate): string {
  const key = x509.publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("base64");
}

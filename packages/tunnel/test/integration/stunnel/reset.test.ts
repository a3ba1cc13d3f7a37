import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { createAuthority } from "@redoubt/server";
import { expect, test } from "vitest";
import { Stunnel } from "../../../src/stunnel/stunnel.ts";

/** What a TLS server hears of a program behind a client section that resets its connection. */
async function endOf(option: string): Promise<string> {
  const issued = await (await createAuthority()).issue();
  const server = createServer({ cert: issued.certificate, key: issued.key }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await using tunnel = await Stunnel.start({
    text: `client = yes\nreset = ${option}\n[r]\naccept = 127.0.0.1:0\nconnect = 127.0.0.1:${port}\n`,
  });
  const [listener] = tunnel.listeners;
  const program = connect({ port: Number(listener?.address.split(":")[1]), host: "127.0.0.1" });
  const [accepted] = (await once(server, "secureConnection")) as [TLSSocket];
  const ended = new Promise<string>((resolve) => {
    accepted.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    accepted.on("end", () => resolve("end"));
  });
  program.write("x");
  await once(accepted, "data");
  accepted.resume();
  program.resetAndDestroy();
  const how = await ended;
  accepted.destroy();
  server.close();
  return how;
}

test("a program's reset reaches the TLS server as a reset", async () => {
  expect(await endOf("yes")).toBe("ECONNRESET");
});

test("with reset = no it is an end", async () => {
  expect(await endOf("no")).toBe("end");
});

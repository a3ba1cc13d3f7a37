import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createAuthority, startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { doctor } from "../../src/doctor/doctor.ts";
import { silentPort } from "./silent-port.ts";

const quick = { latency: 0, timeout: 1200 } as const;
const day = 86_400_000;

async function web(answer: RequestListener): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/authority.crl`,
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}

test("the list of revoked certificates cannot be fetched: outbound port 80", async () => {
  await using silent = await silentPort();
  const authority = await createAuthority();
  const revocationList = `http://127.0.0.1:${silent.port}/authority.crl`;
  await using server = await startServer({
    authority,
    certificate: await authority.issue({ revocationList }),
  });
  const { findings, verdict, observations } = await doctor(server.uri, quick);
  expect(findings[0]).toMatchObject({ id: "tls-revocation-unreachable", severity: "warning" });
  expect(findings[0]?.evidence).toEqual([`${revocationList}: no answer`]);
  expect(observations.find(({ subject }) => subject === revocationList)?.ok).toBe(false);
  expect(verdict).toMatchObject({ state: "findings", connected: true });
});

test("a page of a proxy comes instead of the list", async () => {
  await using proxy = await web((_, response) =>
    response.setHeader("content-type", "text/html").end("<html>blocked</html>"),
  );
  const authority = await createAuthority();
  const certificate = await authority.issue({ revocationList: proxy.url });
  await using server = await startServer({ authority, certificate });
  const { findings } = await doctor(server.uri, quick);
  expect(findings[0]?.evidence[0]).toContain("a proxy stands in between");
});

test("the list is there: nothing is wrong", async () => {
  const authority = await createAuthority();
  const list = await authority.revoke([]);
  await using lists = await web((_, response) =>
    response.setHeader("content-type", "application/pkix-crl").end(list),
  );
  const certificate = await authority.issue({ revocationList: lists.url });
  await using server = await startServer({ authority, certificate });
  const { findings, observations } = await doctor(server.uri, quick);
  expect(findings).toEqual([]);
  expect(observations.find(({ subject }) => subject === lists.url)?.detail).toBe("answers");
});

test("the certificate has not begun, and web servers tell a later day: this clock is behind", async () => {
  await using lists = await web((_, response) =>
    response.setHeader("date", new Date(Date.now() + 3 * day).toUTCString()).end("list"),
  );
  const authority = await createAuthority();
  const certificate = await authority.issue({
    revocationList: lists.url,
    notBefore: new Date(Date.now() + day),
    notAfter: new Date(Date.now() + 30 * day),
  });
  await using server = await startServer({ authority, certificate });
  const { findings } = await doctor(server.uri, quick);
  expect(findings[0]?.id).toBe("tls-clock");
  expect(findings[0]?.evidence.join("\n")).toContain("this clock is 3 days behind");
  expect(findings[1]?.id).toBe("tls-not-yet-valid");
});

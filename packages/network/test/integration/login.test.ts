import { parse, Secret } from "@redoubt/client";
import { startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { doctor } from "../../src/doctor/doctor.ts";

const quick = { latency: 0, timeout: 1500 } as const;
const objectId = "0b7fbd2e-6a4f-4a0c-9c35-1f6a6d5f1a11";

/** A token as Entra makes them; nobody looks at its signature. */
function token(claims: Record<string, unknown>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJl`;
}

const withLogin = (uri: string, user: string, password: string): string =>
  uri.replace(/\/\/[^@]*@/, `//${user}:${encodeURIComponent(password)}@`);

test("no password", async () => {
  await using server = await startServer();
  const { findings, verdict } = await doctor(server.uri.replace(/\/\/[^@]*@/, "//"), quick);
  expect(findings[0]?.id).toBe("auth-missing");
  expect(verdict.state).toBe("authentication");
});

test("a wrong password of the default user", async () => {
  await using server = await startServer();
  const { findings } = await doctor(withLogin(server.uri, "default", "wrong-password"), quick);
  expect(findings[0]?.id).toBe("auth-password");
  expect(JSON.stringify(findings)).not.toContain("wrong-password");
});

test("a user that there is not", async () => {
  await using server = await startServer();
  const { findings } = await doctor(withLogin(server.uri, "nobody", "secret-of-nobody"), quick);
  expect(findings[0]?.id).toBe("auth-user");
  expect(findings[0]?.evidence).toContain("the user nobody, with a password");
});

test("a token that has ended", async () => {
  await using server = await startServer();
  const old = token({ exp: 1_700_000_000, oid: objectId, aud: "https://redis.azure.com" });
  const { findings } = await doctor(withLogin(server.uri, objectId, old), quick);
  expect(findings[0]?.id).toBe("auth-token-expired");
  expect(findings[0]?.evidence.join("\n")).toContain("2023-11-14");
  expect(JSON.stringify(findings)).not.toContain(old);
});

test("a token for somebody else, and for another service", async () => {
  await using server = await startServer();
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const other = token({ exp, oid: objectId, aud: "https://management.azure.com" });
  const { findings } = await doctor(withLogin(server.uri, "me%40example.com", other), quick);
  expect(findings[0]?.id).toBe("auth-token-other");
  expect(findings[0]?.fixes[0]?.after).toContain(objectId);
});

test("a password for a server that has none, and that is too old to be polite about it", async () => {
  await using server = await startServer({ password: false, config: ['rename-command HELLO ""'] });
  const target = parse(server.uri);
  const { findings } = await doctor({ ...target, password: new Secret("something") }, quick);
  expect(findings[0]?.id).toBe("auth-not-configured");
});

test("a user who may not ask the server about itself: it connects", async () => {
  await using server = await startServer({
    users: { app: { password: "a-long-password", rules: "~* +@read +@write +@connection -info" } },
  });
  const { findings, verdict } = await doctor(server.uriFor({ username: "app" }), quick);
  expect(findings.find(({ id }) => id === "auth-limited")?.evidence[0]).toMatch(/INFO/);
  expect(verdict).toMatchObject({ connected: true, state: "healthy" });
});

import { Buffer } from "node:buffer";
import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { request } from "node:https";
import { connect } from "node:tls";
import { createClient } from "@redoubt/client";
import { entraCredentials, type TokenCredential } from "@redoubt/client/credentials";
import { expect, test } from "vitest";
import type { SimulationState } from "../../../src/contract/simulation.ts";
import { Simulations } from "../../../src/simulate/simulations.ts";
import { type TestHost, testHost } from "./host.ts";

interface Issuer {
  readonly facts: SimulationState["facts"];
  readonly env: Readonly<Record<string, string>>;
}

async function issuerOf(state: SimulationState): Promise<Issuer> {
  const file = String(state.facts["environmentFile"]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const text = await readFile(file, "utf8");
  const env = Object.fromEntries(
    [...text.matchAll(/^(\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]),
  );
  return { facts: state.facts, env: env as Record<string, string> };
}

/** What `ManagedIdentityCredential` does on App Service. */
function managedIdentity({ env }: Issuer): TokenCredential & { readonly asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    getToken: async (scopes) => {
      asked++;
      const resource = String(scopes).replace("/.default", "");
      const url = `${env["IDENTITY_ENDPOINT"]}?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`;
      const answer = await fetch(url, { headers: { "X-IDENTITY-HEADER": env["IDENTITY_HEADER"] as string } });
      const { access_token, expires_on } = (await answer.json()) as {
        access_token: string;
        expires_on: string;
      };
      expect(answer.status).toBe(200);
      return { token: access_token, expiresOnTimestamp: Number(expires_on) * 1000 };
    },
  };
}

/** What a service principal does: client credentials over TLS with the project's CA. */
async function serviceToken({ facts, env }: Issuer, change: Record<string, string> = {}) {
  const form = {
    grant_type: "client_credentials",
    client_id: env["REDOUBT_CLIENT_ID"] as string,
    client_secret: env["REDOUBT_CLIENT_SECRET"] as string,
    scope: "https://redis.azure.com/.default",
    ...change,
  };
  return ask(String(facts["tokenEndpoint"]), String(facts["caFile"]), new URLSearchParams(form).toString());
}

async function ask(url: string, caFile: string, body?: string) {
  const asking = request(url, {
    method: body === undefined ? "GET" : "POST",
    ca: await readFile(caFile),
    agent: false,
  });
  asking.end(body);
  const [response] = (await once(asking, "response")) as [AsyncIterable<Buffer> & { statusCode: number }];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return {
    status: response.statusCode,
    body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
  };
}

async function started(options: Record<string, string | number>) {
  const host = await testHost();
  const simulations = new Simulations(host);
  const state = await simulations.start("token-issuer", options);
  return {
    host,
    simulations,
    state,
    issuer: await issuerOf(state),
    [Symbol.asyncDispose]: async () => {
      await simulations.suspend();
      await host[Symbol.asyncDispose]();
    },
  };
}

/** Connections to the door that are logged in as the identity. */
async function identityClients({ node }: TestHost, objectId: string): Promise<number> {
  return String(await node.server.command("CLIENT", "LIST"))
    .split("\n")
    .filter((line) => line.includes(` user=${objectId} `)).length;
}

test("Redoubt's own Entra credential renews in time: hours of tokens in seconds, and no connection is cut", async () => {
  await using at = await started({ lifetime: "4s" });
  const credential = managedIdentity(at.issuer);
  await using client = await createClient({
    url: String(at.issuer.facts["uri"]),
    credentials: entraCredentials(credential),
  }).connect();
  const id = await client.clientId();
  expect(await client.sendCommand(["ACL", "WHOAMI"])).toBe(at.issuer.facts["objectId"]);
  let commands = 0;
  // Each token lasts 4 s, and 5 s at most: tokens count in whole seconds.
  const end = Date.now() + 14_000;
  while (Date.now() < end) {
    await client.incr("k");
    commands++;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(Number(await client.get("k"))).toBe(commands);
  expect(await client.clientId()).toBe(id);
  expect(credential.asked()).toBeGreaterThanOrEqual(3);
  expect(JSON.stringify([at.host.said, at.state, at.simulations.states])).not.toMatch(/eyJ/);
});

test("a connection that does not log in anew is cut when its token ends, and the token opens no other", async () => {
  await using at = await started({ lifetime: 3000, "object-id": "the-object" });
  const { token, expiresOnTimestamp } = (await managedIdentity(at.issuer).getToken(
    "https://redis.azure.com/.default",
  )) ?? {
    token: "",
    expiresOnTimestamp: 0,
  };
  const say = async (words: string) => {
    const socket = connect({
      host: "127.0.0.1",
      port: doorOf(at.issuer),
      servername: "localhost",
      ca: at.host.node.server.ca,
    });
    socket.on("error", () => {});
    await once(socket, "secureConnect");
    // `once` would reject where the end comes as a reset: whoever is cut may be just saying goodbye.
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    const heard = once(socket, "data") as Promise<[Buffer]>;
    socket.write(words);
    return { answer: (await heard)[0].toString(), closed, socket };
  };
  const login = `AUTH the-object ${token}\r\n`;
  const { answer, closed } = await say(login);
  expect(answer).toBe("+OK\r\n");
  // Who has a password of the service stays.
  const other = await say(`AUTH ${at.host.node.server.password ?? ""}\r\n`);
  expect(await identityClients(at.host, "the-object")).toBe(1);
  await closed;
  expect(Date.now()).toBeGreaterThanOrEqual(expiresOnTimestamp - 5);
  // The server itself has forgotten it, too, also for those who come past the door.
  await expect
    .poll(() => at.host.node.server.command("ACL", "GETUSER", "the-object"))
    .toEqual(expect.arrayContaining(["passwords", []]) as unknown);
  const late = await say(login);
  expect(late.answer).toContain("WRONGPASS");
  await late.closed;
  expect(other.socket.destroyed).toBe(false);
  other.socket.destroy();
});

const doorOf = ({ facts }: Issuer): number => Number(new URL(String(facts["uri"])).port);

test("client credentials over TLS give a token that is signed by the published key; what is wrong is told as Entra does", async () => {
  await using at = await started({});
  const { issuer } = at;
  const { status, body } = await serviceToken(issuer);
  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: "Bearer", expires_in: expect.any(Number) as number });
  expect(body["expires_in"]).toBeGreaterThanOrEqual(3600);
  const [header, claims, signature] = String(body["access_token"]).split(".") as [string, string, string];
  const said = JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown>;
  expect(said).toMatchObject({
    aud: "https://redis.azure.com",
    oid: issuer.facts["objectId"],
    appid: issuer.facts["clientId"],
    tid: issuer.facts["tenant"],
  });
  const root = String(issuer.facts["tokenEndpoint"]).replace("/oauth2/v2.0/token", "");
  const about = await ask(`${root}/v2.0/.well-known/openid-configuration`, String(issuer.facts["caFile"]));
  expect(about.body["token_endpoint"]).toBe(issuer.facts["tokenEndpoint"]);
  const { body: list } = await ask(String(about.body["jwks_uri"]), String(issuer.facts["caFile"]));
  const [jwk] = list["keys"] as (JsonWebKey & { kid: string })[];
  expect(jwk?.kid).toBe((JSON.parse(Buffer.from(header, "base64url").toString()) as { kid: string }).kid);
  const key = createPublicKey({ key: jwk as JsonWebKey, format: "jwk" });
  expect(
    verify("RSA-SHA256", Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url")),
  ).toBe(true);

  const wrong: [Record<string, string>, number, string][] = [
    [{ client_secret: "wrong" }, 401, "AADSTS7000215"],
    [{ client_id: "somebody" }, 400, "AADSTS700016"],
    [{ scope: "https://vault.azure.net/.default" }, 400, "AADSTS70011"],
    [{ grant_type: "password" }, 400, "AADSTS70003"],
  ];
  for (const [change, code, text] of wrong) {
    const refused = await serviceToken(issuer, change);
    expect([refused.status, refused.body["error_description"]]).toEqual([
      code,
      expect.stringContaining(text),
    ]);
  }
  const metadata = await fetch(
    `${String(issuer.facts["instanceMetadata"])}?resource=https://redis.azure.com`,
  );
  expect(metadata.status).toBe(400);
  const imds = await fetch(
    `${String(issuer.facts["instanceMetadata"])}?api-version=2018-02-01&resource=https%3A%2F%2Fredis.azure.com%2F`,
    { headers: { Metadata: "true" } },
  );
  expect(await imds.json()).toMatchObject({
    token_type: "Bearer",
    expires_in: expect.stringMatching(/^\d+$/) as string,
  });
  const msi = await fetch(`${String(issuer.facts["identityEndpoint"])}?resource=https://redis.azure.com`, {
    headers: { "X-IDENTITY-HEADER": "guess" },
  });
  expect(msi.status).toBe(401);
});

test("tokens outlive a restart of the server and of the keeper, at the same addresses", async () => {
  await using at = await started({ lifetime: 600_000 });
  const credential = managedIdentity(at.issuer);
  const token = await credential.getToken("https://redis.azure.com/.default");
  const login = async (): Promise<string> => {
    await using client = await createClient({
      url: String(at.issuer.facts["uri"]),
      credentials: entraCredentials({ getToken: () => Promise.resolve(token) }),
      socket: { reconnectStrategy: false },
    }).connect();
    return await client.ping();
  };
  expect(await login()).toBe("PONG");
  await at.host.node.server.restart();
  // The server has forgotten the user, and is told again.
  await expect.poll(() => at.host.node.server.command("ACL", "USERS")).toContain(at.issuer.facts["objectId"]);
  expect(await login()).toBe("PONG");
  await at.simulations.suspend();
  expect(await at.host.node.server.command("ACL", "USERS")).not.toContain(at.issuer.facts["objectId"]);
  const next = new Simulations(at.host);
  await next.resume();
  expect(next.states).toEqual(at.state === undefined ? [] : [at.state]);
  expect(await login()).toBe("PONG");
  await next.stop("token-issuer");
  expect(next.states).toEqual([]);
  await expect(login()).rejects.toMatchObject({ code: expect.stringMatching(/^TCP_/) as string });
});

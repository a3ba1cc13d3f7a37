import { Buffer } from "node:buffer";
import {
  type EntraStep,
  entraCredentials,
  type IdentityPackage,
  type TokenCredential,
} from "@redoubt/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const variables = [
  "AZURE_TOKEN_CREDENTIALS",
  "AZURE_FEDERATED_TOKEN_FILE",
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PATH",
  "AZURE_CLIENT_ID",
  "IDENTITY_ENDPOINT",
];
beforeEach(() => {
  for (const name of variables) vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

const jwt = (claims: unknown): string =>
  [{ alg: "RS256" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".") + ".c2lnbmF0dXJl";

const gives = (token: string): TokenCredential => ({
  getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
});
const fails = (message: string): TokenCredential => ({
  getToken: async () => {
    throw new Error(message);
  },
});

/** `@azure/identity` where the credentials named do what is said and all others fail. */
function identityWith(ways: Partial<Record<keyof IdentityPackage, TokenCredential>>, made: string[] = []) {
  const names = [
    "DefaultAzureCredential",
    "EnvironmentCredential",
    "WorkloadIdentityCredential",
    "ManagedIdentityCredential",
    "AzureCliCredential",
    "AzureDeveloperCliCredential",
  ] as const;
  const entries = names.map((name) => [
    name,
    class {
      constructor(options?: { clientId?: string }) {
        made.push(options?.clientId === undefined ? name : `${name}(${options.clientId})`);
      }
      getToken(...args: Parameters<TokenCredential["getToken"]>) {
        return (ways[name] ?? fails(`${name} is not set up\nsecond line`)).getToken(...args);
      }
    },
  ]);
  return async () => Object.fromEntries(entries) as unknown as IdentityPackage;
}

describe("the user name", () => {
  test("is the object id in the token", async () => {
    const { username, password } = await entraCredentials(gives(jwt({ oid: "1234-abcd" }))).get();
    expect([username, password.reveal()]).toEqual(["1234-abcd", jwt({ oid: "1234-abcd" })]);
  });

  test("is the one that was given", async () => {
    const { username } = await entraCredentials(gives("opaque"), { username: "me" }).get();
    expect(username).toBe("me");
  });

  test.each([
    ["no JWT", "opaque-secret-token"],
    ["no JSON", "a.b64secret.c"],
    ["JSON that is no object", jwt(null)],
    ["no oid", jwt({ sub: "secret-subject" })],
    ["an oid that is no text", jwt({ oid: 7 })],
  ])("is asked for when the token has none: %s", async (_, token) => {
    const error = await entraCredentials(gives(token))
      .get()
      .catch((reason) => reason);
    expect(error).toMatchObject({ code: "AUTH_PROVIDER_FAILED", hint: expect.stringContaining("username") });
    expect(JSON.stringify(error) + error.stack).not.toContain(token);
  });
});

describe("a credential", () => {
  test("is asked for the scope of Redis, with a signal", async () => {
    const asked: unknown[] = [];
    const credential: TokenCredential = {
      getToken: async (scopes, options) => {
        asked.push(scopes, options?.abortSignal instanceof AbortSignal);
        return { token: jwt({ oid: "x" }), expiresOnTimestamp: Date.now() + 1000 };
      },
    };
    await entraCredentials(credential).get();
    await entraCredentials(credential, { scope: "https://redis.azure.us/.default" }).get();
    expect(asked).toEqual([
      "https://redis.azure.com/.default",
      true,
      "https://redis.azure.us/.default",
      true,
    ]);
  });

  test("that gives nothing is an error", async () => {
    const provider = entraCredentials({ getToken: async () => null });
    await expect(provider.get()).rejects.toMatchObject({ code: "AUTH_PROVIDER_FAILED" });
  });

  test("that does not answer is given up in time", async () => {
    let signal: AbortSignal | undefined;
    const provider = entraCredentials(
      {
        getToken: (_, options) => {
          signal = options?.abortSignal;
          return new Promise(() => {});
        },
      },
      { timeout: 50 },
    );
    await expect(provider.get()).rejects.toMatchObject({
      code: "AUTH_PROVIDER_FAILED",
      message: expect.stringContaining("50 ms"),
      attempt: 3,
    });
    expect(signal?.aborted).toBe(true);
  });
});

describe("without a credential", () => {
  const good = gives(jwt({ oid: "found" }));

  test("the missing package is named", async () => {
    await expect(entraCredentials().get()).rejects.toMatchObject({
      code: "CONFIG_MISSING",
      message: expect.stringContaining("@azure/identity"),
      hint: "npm install @azure/identity",
    });
  });

  test.each([
    ["AZURE_TOKEN_CREDENTIALS", "prod", "DefaultAzureCredential"],
    ["AZURE_FEDERATED_TOKEN_FILE", "/var/run/token", "WorkloadIdentityCredential"],
    ["AZURE_CLIENT_SECRET", "hush", "EnvironmentCredential"],
    ["AZURE_CLIENT_CERTIFICATE_PATH", "/cert.pem", "EnvironmentCredential"],
    ["AZURE_CLIENT_ID", "client-7", "ManagedIdentityCredential(client-7)"],
    ["IDENTITY_ENDPOINT", "http://localhost", "ManagedIdentityCredential"],
  ])("%s decides, and nothing else is tried", async (variable, value, expected) => {
    vi.stubEnv(variable, value);
    const made: string[] = [];
    const name = expected.replace(/\(.*/, "") as keyof IdentityPackage;
    const { username } = await entraCredentials(undefined, {
      identity: identityWith({ [name]: good }, made),
    }).get();
    expect([username, made]).toEqual(["found", [expected]]);
  });

  test("the ways of a developer are tried in order, timed and reported; what was found is kept", async () => {
    const steps: EntraStep[] = [];
    const made: string[] = [];
    const provider = entraCredentials(undefined, {
      identity: identityWith({ AzureDeveloperCliCredential: good }, made),
      onStep: (step) => steps.push(step),
    });
    await provider.get();
    const refused = await provider.get();
    await provider.get({ refused });
    expect(made).toEqual(["AzureCliCredential", "AzureDeveloperCliCredential"]);
    expect(steps).toEqual([
      { name: "Azure CLI", ms: expect.any(Number), ok: false, detail: "AzureCliCredential is not set up" },
      {
        name: "Azure Developer CLI",
        ms: expect.any(Number),
        ok: true,
        detail: expect.stringMatching(/^token until 20/),
      },
    ]);
  });

  test("when none works, the error tells of each way and its time", async () => {
    const error = await entraCredentials(undefined, { identity: identityWith({}) })
      .get()
      .catch((reason) => reason);
    expect(error.code).toBe("AUTH_PROVIDER_FAILED");
    expect(error.message).toMatch(
      /Azure CLI \(\d+ ms\): AzureCliCredential is not set up; Azure Developer CLI \(\d+ ms\): .*; managed identity \(\d+ ms\): /,
    );
    expect(error.hint).toContain("az login");
  });
});

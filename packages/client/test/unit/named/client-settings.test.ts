import { describe, expect, test } from "vitest";
import { azureLogin } from "../../../src/named/azure-login.ts";
import { describeNamed } from "../../../src/named/client-settings.ts";

type Environment = Readonly<Record<string, string>>;

const described = (environment: Environment, configuration?: unknown) =>
  describeNamed("cache", undefined, { environment, configuration });

describe("the connection string", () => {
  test.each<[string, Environment, unknown, string]>([
    ["a variable", { ConnectionStrings__cache: "h1:6379" }, undefined, "h1"],
    ["a URI", { CACHE_URI: "redis://h2:6379" }, undefined, "h2"],
    ["parts", { CACHE_HOST: "h3", CACHE_PORT: "6379" }, undefined, "h3"],
    ["what the program hands in", {}, { ConnectionStrings: { Cache: "h4:6379" } }, "h4"],
    ["the section", { Aspire__StackExchange__Redis__ConnectionString: "h5:6379" }, undefined, "h5"],
    [
      "the section of the name before that of all",
      {
        Aspire__StackExchange__Redis__ConnectionString: "h5:6379",
        Aspire__StackExchange__Redis__cache__ConnectionString: "h6:6379",
      },
      undefined,
      "h6",
    ],
    [
      "a variable before everything",
      {
        ConnectionStrings__cache: "h7:6379",
        Aspire__StackExchange__Redis__cache__ConnectionString: "h6:6379",
      },
      { ConnectionStrings: { cache: "h4:6379" } },
      "h7",
    ],
    [
      "variables before what the program hands in, also in sections",
      { aspire__stackexchange__redis__connectionstring: "h8:6379" },
      { Aspire: { StackExchange: { Redis: { ConnectionString: "h9:6379" } } } },
      "h8",
    ],
  ])("is that of %s", (_, environment, configuration, host) => {
    expect(described(environment, configuration).target.endpoints[0]?.host).toBe(host);
  });

  test("of the callback wins, and the callback sees what there was", () => {
    const seen: unknown[] = [];
    const { target } = describeNamed(
      "cache",
      (settings) => {
        seen.push({ ...settings });
        settings.connectionString = "mine:6379";
      },
      { environment: { ConnectionStrings__cache: "h1:6379" } },
    );
    expect(target.endpoints[0]?.host).toBe("mine");
    expect(seen).toEqual([
      {
        connectionString: "h1:6379",
        disableHealthChecks: false,
        disableTracing: false,
        disableAutoActivation: true,
      },
    ]);
  });

  test("that is nowhere is an error that names the variable", () => {
    expect(() => described({})).toThrow(
      expect.objectContaining({
        code: "CONFIG_MISSING",
        hint: expect.stringContaining("ConnectionStrings__cache"),
      }),
    );
  });

  test("brings the authority of an app host along, for TLS only", () => {
    const environment = { ConnectionStrings__cache: "h:6379,ssl=true", CACHE_CA_FILE: "/ca.crt" };
    expect(described(environment).target.tls.caFile).toBe("/ca.crt");
    expect(described({ ...environment, ConnectionStrings__cache: "h:6379" }).target.tls.caFile).toBeNull();
  });
});

describe("options of sections", () => {
  const prefix = "Aspire__StackExchange__Redis__ConfigurationOptions__";
  const options = (values: Environment, text = "h:6379,connectTimeout=9000") => {
    const variables = Object.entries(values).map(([key, value]) => [prefix + key, value]);
    return described({ ConnectionStrings__cache: text, ...Object.fromEntries(variables) });
  };

  test("win over the string, and become the client's", () => {
    const all = {
      User: "u",
      Password: "p",
      ClientName: "n",
      DefaultDatabase: "3",
      ConnectTimeout: "1000",
      SyncTimeout: "2000",
      AsyncTimeout: "3000",
      KeepAlive: "30",
      Protocol: "Resp2",
      SetClientLibrary: "false",
      Ssl: "true",
      SslHost: "name",
      AbortOnConnectFail: "false",
    };
    const found = options(all);
    expect(found.options).toEqual({
      username: "u",
      password: "p",
      name: "n",
      database: 3,
      socket: { connectTimeout: 1000 },
      commandOptions: { timeout: 3000 },
      pingInterval: 30_000,
      RESP: 2,
      disableClientInfo: true,
    });
    expect(found.target.tls).toMatchObject({ enabled: true, servername: "name" });
  });

  test("of the name win over those of all", () => {
    const { options: found } = described({
      ConnectionStrings__cache: "h:6379",
      [`${prefix}ConnectTimeout`]: "1",
      Aspire__StackExchange__Redis__cache__ConfigurationOptions__ConnectTimeout: "2",
    });
    expect(found.socket).toEqual({ connectTimeout: 2 });
  });

  test.each([
    [{ ConectTimeout: "1" }, "CONFIG_UNKNOWN_KEY", "did you mean ConnectTimeout?"],
    [{ ConnectTimeout: "soon" }, "CONFIG_INVALID_VALUE", `${prefix}ConnectTimeout needs a whole number`],
    [{ Ssl: "maybe" }, "CONFIG_INVALID_VALUE", "needs true or false"],
    [{ Protocol: "4" }, "CONFIG_INVALID_VALUE", "Resp2 or Resp3"],
  ])("%j is refused", (values, code, words) => {
    expect(() => options(values)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) }),
    );
  });

  test("cannot switch TLS off behind the string's back", () => {
    expect(() => options({ Ssl: "false" }, "h:6380,ssl=true")).toThrow(
      expect.objectContaining({ code: "CONFIG_INSECURE" }),
    );
  });
});

test.each([
  [{ Aspire__StackExchange__Redis__DisableTracing: "true" }, { disableTracing: true }],
  [{ Aspire__StackExchange__Redis__cache__DisableHealthChecks: "True" }, { disableHealthChecks: true }],
  [{ Aspire__StackExchange__Redis__DisableAutoActivation: "false" }, { disableAutoActivation: false }],
])("settings %j", (environment, settings) => {
  expect(described({ ConnectionStrings__cache: "h:6379", ...environment }).settings).toMatchObject(settings);
});

test.each([
  ["cache.westeurope.redis.azure.net:10000,ssl=true", {}, "entra"],
  ["cache.redis.cache.windows.net:6380,password=x,ssl=true", {}, "entra"],
  ["localhost:6379,password=x,ssl=true", { IDENTITY_ENDPOINT: "http://127.0.0.1:1/" }, "password"],
  ["localhost:6379,ssl=true", { IDENTITY_ENDPOINT: "http://127.0.0.1:1/" }, "entra"],
  ["localhost:6379", { IDENTITY_ENDPOINT: "http://127.0.0.1:1/" }, "unknown-host"],
  ["redis.example.com:6380,ssl=true", {}, "unknown-host"],
])("%s is logged in to with: %s %s", (text, environment, login) => {
  const { target } = described({ ConnectionStrings__cache: text });
  expect(azureLogin(target, environment as Environment)).toBe(login);
});

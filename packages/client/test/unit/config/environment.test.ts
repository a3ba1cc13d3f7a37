import { describe, expect, test } from "vitest";
import { type Environment, parse, parseEnvironment } from "../../../src/config/parse.ts";
import { meaningOf } from "./corpus.ts";

const meaning = (env: Environment, name?: string) =>
  meaningOf(parseEnvironment(env, name === undefined ? {} : { name }));

describe("environment", () => {
  test.each<[string, Environment, string | undefined, object]>([
    [
      "REDIS_URL",
      { REDIS_URL: "rediss://u:p@h:1/2", PATH: "/bin" },
      undefined,
      { endpoints: ["h:1"], tls: true, database: 2 },
    ],
    [
      "parts",
      { REDIS_HOST: "h", REDIS_PORT: "7", REDIS_PASSWORD: "a@b", REDIS_USER: "u" },
      undefined,
      { endpoints: ["h:7"], password: "a@b", username: "u" },
    ],
    [
      "TLS by a word",
      { REDIS_HOST: "h", REDIS_SSL: "true" },
      undefined,
      { endpoints: ["h:6379"], tls: true },
    ],
    [
      "TLS by the provider",
      { CACHE_HOST: "c.westus3.redis.azure.net", CACHE_PORT: "10000" },
      "cache",
      { tls: true },
    ],
    [
      "a resource with a hyphen",
      { "ConnectionStrings__my-cache": "h:10000,ssl=true,password=k=" },
      "my-cache",
      { endpoints: ["h:10000"], tls: true, password: "k=" },
    ],
    [
      "all that WithReference gives",
      {
        CACHE_HOST: "h",
        CACHE_PORT: "10000",
        CACHE_PASSWORD: "k=",
        CACHE_URI: "rediss://:k%3D@h:10000",
        ConnectionStrings__cache: "h:10000,ssl=true,password=k=",
      },
      undefined,
      { endpoints: ["h:10000"], tls: true, password: "k=" },
    ],
    [
      "password beside the URI",
      { CACHE_URI: "rediss://h:10000", CACHE_PASSWORD: "k" },
      "cache",
      { password: "k" },
    ],
    ["no prefix", { HOST: "h", PORT: "1", CACHE_HOST: "other" }, "", { endpoints: ["h:1"] }],
    [
      "another URL with the same beginning",
      { REDIS_URL: "redis://h", REDIS_TLS_URL: "rediss://h:2" },
      undefined,
      { endpoints: ["h:6379"] },
    ],
    [
      "other services around",
      { DB_HOST: "pg", SMTP_HOST: "mail", CACHE_URL: "redis://h" },
      undefined,
      { endpoints: ["h:6379"] },
    ],
  ])("%s", (_, env, name, expected) => {
    expect(meaning(env, name)).toMatchObject(expected);
  });

  test.each<[string, Environment, string | undefined, string, string]>([
    ["nothing", {}, undefined, "CONFIG_MISSING", "REDIS_URL"],
    ["a name that is not set", { REDIS_URL: "redis://h" }, "cache", "CONFIG_MISSING", "CACHE_URI"],
    ["two hosts", { CACHE_URI: "redis://a", CACHE_HOST: "b" }, "cache", "CONFIG_AMBIGUOUS", "CACHE_HOST"],
    ["two ports", { CACHE_URI: "redis://a:1", CACHE_PORT: "2" }, "cache", "CONFIG_AMBIGUOUS", "CACHE_PORT"],
    [
      "two passwords",
      { CACHE_URI: "redis://:x@a", CACHE_PASSWORD: "y" },
      "cache",
      "CONFIG_AMBIGUOUS",
      "CACHE_PASSWORD",
    ],
    [
      "TLS and no TLS",
      { CACHE_URI: "redis://a", CACHE_TLS: "true" },
      "cache",
      "CONFIG_AMBIGUOUS",
      "CACHE_TLS",
    ],
    [
      "two strings",
      { CACHE_URI: "rediss://a:1", ConnectionStrings__cache: "a:1" },
      "cache",
      "CONFIG_AMBIGUOUS",
      "ConnectionStrings__cache",
    ],
    ["two sets", { A_HOST: "a", B_HOST: "b" }, undefined, "CONFIG_AMBIGUOUS", "A, B"],
    ["a host with a scheme", { REDIS_HOST: "redis://h" }, undefined, "CONFIG_SYNTAX", "REDIS_HOST"],
    ["a broken URI", { CACHE_URI: "redis://h:x" }, undefined, "CONFIG_SYNTAX", "CACHE_URI"],
  ])("%s is refused", (_, env, name, code, word) => {
    expect(() => meaning(env, name)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(word) }),
    );
  });

  test("lines of text, with positions in the text", () => {
    const text = "# made by env\nexport CACHE_HOST=h\nCACHE_PASSWORD='a b'\n\nCACHE_PORT=x\n";
    expect(() => parse(text)).toThrow(expect.objectContaining({ position: text.indexOf("x\n", 50) }));
    expect(meaningOf(parse(text.replace("=x", "=6380")))).toMatchObject({
      endpoints: ["h:6380"],
      password: "a b",
    });
  });
});

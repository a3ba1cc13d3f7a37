import { describeTarget, parse } from "@redoubt/client";
import { describe, expect, test } from "vitest";
import { descriptionRows, summary } from "../../src/summary.ts";

const line = (text: string) => summary(describeTarget(parse(text)));
const rows = (text: string) => Object.fromEntries(descriptionRows(describeTarget(parse(text))));

describe("one line", () => {
  test.each([
    ["redis://cache.example.com", "cache.example.com:6379, plain text"],
    ["rediss://user:abcdef@[::1]:6380/2", "[::1]:6380, TLS, user user, database 2"],
    ["unix:///run/redis.sock", "/run/redis.sock, plain text"],
  ])("%s", (text, expected) => expect(line(text)).toBe(expected));

  test("names the provider", () => {
    expect(line("rediss://cache.redis.cache.windows.net:6380")).toMatch(/, azure-cache$/);
  });
});

describe("rows", () => {
  test("say what is verified", () => {
    expect(rows("rediss://cache.example.com")).toMatchObject({
      tls: "on, from TLSv1.2 to the newest",
      verified: "the certificate's chain and name (cache.example.com)",
    });
  });

  test("leave out what is absent", () => {
    const found = rows("redis://cache.example.com");
    expect(found).toMatchObject({
      tls: "off: plain text",
      password: "none",
      user: "the server's default user",
    });
    expect(found).not.toHaveProperty("verified");
    expect(found).not.toHaveProperty("sentinel");
    expect(found).not.toHaveProperty("client name");
  });
});

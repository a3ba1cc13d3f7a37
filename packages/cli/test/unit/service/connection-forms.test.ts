import { parse } from "@redoubt/client";
import { describe, expect, test } from "vitest";
import {
  type ConnectionFacts,
  connectionForms,
  snippets,
  writeConnection,
} from "../../../src/service/connection-forms.ts";

const password = "s3cret/with:odd@signs";
const facts: ConnectionFacts = {
  uri: `rediss://default:${encodeURIComponent(password)}@localhost:12345`,
  service: "my-redis",
  host: "localhost",
  port: 12_345,
  username: "default",
  tls: true,
  caFile: "/home/me/ca.pem",
  cluster: false,
  options: "",
  database: 0,
  withCa: false,
};

describe("writeConnection", () => {
  test("a URI for Redoubt names the CA's file; one for others does not", () => {
    expect(parse(writeConnection("uri", { ...facts, withCa: true })).tls.caFile).toBe("/home/me/ca.pem");
    expect(writeConnection("uri", facts)).toBe(facts.uri);
    expect(parse(writeConnection("uri", facts)).password?.reveal()).toBe(password);
  });

  test("lines for .env have the names that managed services give out", () => {
    const names = writeConnection("env", facts)
      .split("\n")
      .map((line) => line.split("=", 1)[0]);
    for (const name of ["REDIS_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_USER", "REDIS_PASSWORD", "REDIS_SSL"])
      expect(names).toContain(name);
    expect(new Set(names).size).toBe(names.length);
  });

  test("a form that there is not is refused with all there are", () => {
    expect(() => writeConnection("perl", facts)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("node-redis") as string }) as Error,
    );
  });

  test.each(connectionForms.filter(({ secret }) => !secret).map(({ name }) => name))(
    "%s holds no password and no line is too long to read",
    (form) => {
      for (const cluster of [false, true])
        for (const tls of [true, false]) {
          if (!tls && form === "stunnel.conf") continue;
          const uri = tls ? facts.uri : facts.uri.replace("rediss", "redis");
          const text = writeConnection(form, { ...facts, cluster, tls, uri });
          expect(text).not.toContain(password);
          expect(text).not.toContain(encodeURIComponent(password));
          expect(text).not.toMatch(/undefined|false$|NaN/m);
          expect(text.includes("/home/me/ca.pem"), text).toBe(tls && form !== "redoubt");
          for (const line of text.split("\n")) expect(line.length).toBeLessThan(130);
        }
    },
  );

  test("every language that was promised has its snippet", () => {
    expect(snippets.map(({ name }) => name)).toEqual([
      "redis-cli",
      "redoubt",
      "node-redis",
      "ioredis",
      "python",
      "go",
      "java",
      "php",
      "dotnet",
    ]);
  });
});

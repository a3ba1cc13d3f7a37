import { parse, RedoubtError } from "@redoubt/client";
import { expect, test } from "vitest";
import { overrideTls } from "../../src/tls-flags.ts";

test("without flags the target stays as it is", () => {
  const target = parse("redis://cache.example.com");
  expect(overrideTls(target, {})).toBe(target);
});

test("flags win over the string, the rest of it stays", () => {
  const target = parse("rediss://:abc@cache.example.com?sslrootcert=one.pem&sslcert=cert.pem&sslkey=key.pem");
  const { tls, password } = overrideTls(target, { cacert: "two.pem", servername: "other.example.com" });
  expect(tls).toEqual({ ...target.tls, caFile: "two.pem", servername: "other.example.com" });
  expect(password).toBe(target.password);
});

test.each([
  { cacert: "ca.pem" },
  { cert: "c.pem", key: "k.pem" },
  { servername: "name" },
  { insecure: true as const },
])("%j without TLS is refused and named", (flags) => {
  const refused = () => overrideTls(parse("redis://cache.example.com"), flags);
  expect(refused).toThrow(RedoubtError);
  expect(refused).toThrow(
    Object.keys(flags)
      .map((name) => `--${name}`)
      .join(", "),
  );
});

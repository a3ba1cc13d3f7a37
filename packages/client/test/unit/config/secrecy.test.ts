import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeTarget } from "../../../src/config/describe.ts";
import { type FormatName, format, formatNames } from "../../../src/config/format.ts";
import { lint } from "../../../src/config/lint.ts";
import { parse, parseArguments, parseEnvironment } from "../../../src/config/parse.ts";
import type { Target } from "../../../src/config/target.ts";
import { RedoubtError } from "../../../src/errors.ts";

/** Two halves that occur nowhere else, with something awkward between them. */
const halves = ["qzxjvwkpqz", "wvkxqjzpvw"] as const;
const between = fc.string({
  unit: fc.constantFrom(
    ...Array.from("+%@,:/=#?& '\"\\;|!$[]~"),
    "\0",
    "é",
    "%4",
    "%zz",
    "%C3",
    "&ssl=",
    ",ssl=",
    "?db=",
  ),
  maxLength: 4,
});
const secret = between.map((text) => `${halves[0]}${text}${halves[1]}`);

/** Strings with a secret, most of them with some fault, `*` where it stands. */
const templates = [
  "rediss://alice:*@host:6380/0",
  "rediss://alice:*@host:port/0",
  "rediss://:*@host:6380/x",
  "rediss://:*@host?nope=1",
  "rediss://:*@host?sslmode=none",
  "rediss://host?password=*&db=x",
  "rediss://host?sslpassword=*&sslkey=k.pem&ssl=",
  "rediss://host?password=*",
  "redis://host?sentinel=m&sentinelpassword=*&sslrootcert=x",
  "redis://alice:*@host:6379?db=1",
  "redis://:*@host:6379?ssl=maybe",
  "redis://:*@host:6379?db=1",
  "http://alice:*@host",
  "host:6379?password=*",
  "host:6379?password=*&ssl=true",
  "host:6379?ssl&password=*",
  "client:*@host:6379?ssl=true",
  "client:*@host:99999",
  "client:*@host:6379?dbb=1",
  "host:6380,password=*,ssl=True",
  "host:6380,password=*,ssl=perhaps",
  "host:6380,ssl=True,password=*",
  "host:x,password=*",
  "host,serviceName=m,sentinelPassword=*,nope=1",
  "password=*",
  "redis-cli -h host -a '*' --tls",
  "redis-cli -h host -a * --nope",
  "redis-cli -u rediss://:*@host:6380 --insecure",
  "REDIS_URL=rediss://:*@host:6380",
  "CACHE_HOST=host\nCACHE_PASSWORD=*\nCACHE_PORT=x",
  "CACHE_URI=redis://:*@host\nCACHE_PASSWORD=*x",
  "*",
];

function everythingShown(value: unknown): string {
  const parts = [inspect(value, { depth: 10, showHidden: true }), JSON.stringify(value), String(value)];
  if (value instanceof Error) parts.push(value.message, value.stack ?? "");
  return parts.join("\n");
}

/** @returns what was checked: `target` or the code of the error */
function check(read: () => Target): string {
  let target: Target;
  try {
    target = read();
  } catch (error) {
    if (!(error instanceof RedoubtError)) throw error;
    const shown = everythingShown(error);
    for (const half of halves) expect(shown).not.toContain(half);
    return error.code;
  }
  // Where a dialect cuts the text at a comma or an @, the rest is no secret any more but a host or a name.
  const secrets = [target.password, target.sentinel?.password ?? null, target.tls.passphrase];
  for (const one of secrets) {
    const text = one?.reveal() ?? "";
    if (!halves.every((half) => text.includes(half))) continue;
    const shown = [target, describeTarget(target), lint(target)].map(everythingShown).join("\n");
    for (const half of halves) expect(shown).not.toContain(half);
    for (const name of formatNames) checkFormat(target, name);
  }
  return "target";
}

function checkFormat(target: Target, name: FormatName): void {
  let text: string;
  try {
    text = format(target, name);
  } catch (error) {
    if (!(error instanceof RedoubtError)) throw error;
    text = everythingShown(error);
  }
  for (const half of halves) expect(text).not.toContain(half);
}

describe("no secret leaves", () => {
  test.each(templates)("%s", (template) => {
    fc.assert(
      fc.property(secret, (text) => {
        check(() => parse(template.replaceAll("*", () => text)));
      }),
      { numRuns: 60 },
    );
  });

  test("the templates give targets and errors of many kinds", () => {
    const seen = new Set(
      templates.map((template) => check(() => parse(template.replaceAll("*", halves.join("-"))))),
    );
    expect(seen.size).toBeGreaterThan(5);
    expect(seen).toContain("target");
  });

  test("arguments and environment", () => {
    fc.assert(
      fc.property(secret, (text) => {
        check(() => parseArguments(["-h", "host", "-a", text, "-p", "x"]));
        check(() => parseArguments(["-h", "host"], { REDISCLI_AUTH: text }));
        check(() => parseEnvironment({ CACHE_URI: `redis://:${text}@host`, CACHE_PASSWORD: `${text}x` }));
        check(() => parseEnvironment({ REDIS_HOST: "host", REDIS_PASSWORD: text, REDIS_TLS: text }));
      }),
      { numRuns: 100 },
    );
  });

  test("parse throws nothing but its own errors", () => {
    const noise = fc.string({
      unit: fc.oneof(
        fc.constantFrom(
          ...Array.from("+%@,:/=#?&[]!-'\"\\ \n$"),
          "redis://",
          "rediss://",
          "ssl=true",
          "redis-cli ",
          "CACHE_HOST=",
          "password=",
        ),
        fc.string({ unit: "binary", maxLength: 2 }),
      ),
      maxLength: 24,
    });
    fc.assert(
      fc.property(noise, (text) => {
        try {
          parse(text);
        } catch (error) {
          if (!(error instanceof RedoubtError)) throw error;
          expect(error.code).toMatch(/^CONFIG_/);
          expect(error.position).toBeGreaterThanOrEqual(0);
          expect(error.position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

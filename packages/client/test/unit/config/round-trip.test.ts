import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/config/format.ts";
import { type OptionName, optionRow, wordsOf } from "../../../src/config/option-table.ts";
import { parse } from "../../../src/config/parse.ts";
import type { Dialect, Target } from "../../../src/config/target.ts";
import { RedoubtError } from "../../../src/errors.ts";
import { anyTarget, passwordTarget } from "./arbitraries.ts";

const dialects: readonly Dialect[] = ["url", "servicestack", "stackexchange", "redis-cli", "env"];

/** All that a target says, in a form that can be compared; tuning that the dialect has no word for aside. */
function content(target: Target, dialect: Dialect): unknown {
  const { tls, sentinel } = target;
  const words = dialect === "env" ? "url" : dialect;
  const listsVersions = words === "servicestack" || words === "stackexchange";
  const asked = tls.minVersion !== null || tls.maxVersion !== null;
  return {
    ...target,
    dialect: null,
    warnings: null,
    password: target.password?.reveal() ?? null,
    sentinel: sentinel === null ? null : { ...sentinel, password: sentinel.password?.reveal() ?? null },
    tls: {
      ...tls,
      passphrase: tls.passphrase?.reveal() ?? null,
      // .NET lists versions: an open end is written as far as TLS goes.
      minVersion: listsVersions && asked ? (tls.minVersion ?? "TLSv1.2") : tls.minVersion,
      maxVersion: listsVersions && asked ? (tls.maxVersion ?? "TLSv1.3") : tls.maxVersion,
    },
    options: Object.fromEntries(
      Object.entries(target.options).filter(
        ([name]) => !optionRow(name as OptionName).tuning || wordsOf(name as OptionName, words).length > 0,
      ),
    ),
  };
}

/** The text, or `null` where the dialect says that it cannot express the target. */
function written(target: Target, dialect: Dialect): string | null {
  try {
    return format(target, dialect, { reveal: true });
  } catch (error) {
    if (error instanceof RedoubtError && error.code === "CONFIG_NOT_EXPRESSIBLE") return null;
    throw error;
  }
}

/** How many of `runs` targets were written and read back the same. */
function tryAll(targets: fc.Arbitrary<Target>, dialect: Dialect, numRuns: number): number {
  let count = 0;
  fc.assert(
    fc.property(targets, (target) => {
      const text = written(target, dialect);
      if (text === null) return;
      count++;
      const expected = content(target, dialect);
      expect(content(parse(text, { from: dialect }), dialect)).toEqual(expected);
      expect(content(parse(text), dialect)).toEqual(expected);
    }),
    { numRuns },
  );
  return count;
}

describe("what is written reads back the same", () => {
  test.each(dialects)("any password in %s", (dialect) => {
    expect(tryAll(passwordTarget, dialect, 900)).toBeGreaterThanOrEqual(300);
  });

  // Most targets have something that the narrower dialects cannot say, so their share is small.
  test.each(dialects)("any target in %s", (dialect) => {
    expect(tryAll(anyTarget, dialect, 900)).toBeGreaterThan(10);
  });

  test("a URL expresses every target of valid Unicode", () => {
    const count = tryAll(anyTarget, "url", 600);
    expect(count).toBeGreaterThan(300);
  });
});

describe("what cannot be expressed is named, not garbled", () => {
  const password = (text: string) => parse(`rediss://:${encodeURIComponent(text)}@h:6380`);

  test.each([
    ["stackexchange", "a,b", "comma"],
    ["stackexchange", " a", "blanks"],
    ["redis-cli", "a\0b", "NUL"],
  ] as const)("%s: %j", (dialect, text, word) => {
    expect(() => format(password(text), dialect, { reveal: true })).toThrow(
      expect.objectContaining({ code: "CONFIG_NOT_EXPRESSIBLE", message: expect.stringContaining(word) }),
    );
  });

  test.each([
    ["servicestack", "rediss://a:1,b:2", "several endpoints"],
    ["servicestack", "rediss://h?sslrootcert=ca.pem", "caFile"],
    ["redis-cli", "rediss://h?clientname=x", "clientName"],
    ["stunnel", "redis://h", "without TLS"],
    ["node-redis", "rediss://h?sentinel=m", "Sentinels"],
    ["ioredis", `rediss://h?sslpins=${"A".repeat(43)}=`, "pins"],
  ] as const)("%s: %s", (dialect, text, word) => {
    expect(() => format(parse(text), dialect)).toThrow(
      expect.objectContaining({ code: "CONFIG_NOT_EXPRESSIBLE", message: expect.stringContaining(word) }),
    );
  });
});

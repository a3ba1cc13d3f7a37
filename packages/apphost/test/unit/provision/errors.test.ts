import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ArmError, isFault } from "../../../src/provision/arm-error.ts";
import { checksum } from "../../../src/provision/checksum.ts";
import { Redaction } from "../../../src/provision/redaction.ts";
import { clockSkew, retryAfter } from "../../../src/provision/retry-after.ts";

describe("Trees of errors", () => {
  const inner = { error: { code: "SkuNotAvailable", message: "Not here." } };
  const tree = {
    error: {
      code: "DeploymentFailed",
      message: "At least one resource deployment operation failed.",
      details: [
        {
          code: "Conflict",
          message: JSON.stringify({
            status: "Failed",
            error: { code: "ResourceDeploymentFailure", message: "…", details: [inner.error] },
          }),
        },
        { code: "BadRequest", message: `Status: ${JSON.stringify(inner)}` },
        { code: "Forbidden", message: "Two\n  lines", target: "/x" },
      ],
    },
  };

  test("are told flat, each leaf once, also those in the text of others", () => {
    const error = new ArmError("Deploying cache", 409, tree);
    expect(error.faults).toEqual([
      { code: "SkuNotAvailable", message: "Not here.", target: null },
      { code: "Forbidden", message: "Two lines", target: "/x" },
    ]);
    expect(error).toMatchObject({
      code: "APP_DEPLOY",
      fault: "DeploymentFailed",
      hint: expect.stringContaining("another size or region"),
    });
    expect(error.message).toBe("Deploying cache: SkuNotAvailable: Not here.; Forbidden (/x): Two lines");
    expect(isFault(error, "SkuNotAvailable")).toBe(true);
    expect(isFault(error, 409)).toBe(true);
    expect(isFault(error, "Other", 404)).toBe(false);
  });

  test("may be anything at all", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 400, max: 599 }), (document, status) => {
        expect(new ArmError("Asking", status, document).message).toMatch(/^Asking: ./);
      }),
    );
  });
});

describe("Retry-After", () => {
  test("is seconds, milliseconds of Azure, or a date by the answer's clock", () => {
    expect(retryAfter({ "retry-after": "3" })).toBe(3000);
    expect(retryAfter({ "retry-after": "3", "x-ms-retry-after-ms": "20" })).toBe(20);
    const [date, later] = ["Mon, 01 Jan 2035 00:00:00 GMT", "Mon, 01 Jan 2035 00:00:07 GMT"];
    expect(retryAfter({ "retry-after": later, date })).toBe(7000);
    expect(retryAfter({ "retry-after": date, date: later })).toBe(0);
    expect([retryAfter({}), retryAfter({ "retry-after": "soon" })]).toEqual([undefined, undefined]);
  });

  test("and the date tells how far the clocks are apart", () => {
    expect(clockSkew({})).toBeNull();
    expect(clockSkew({ date: new Date(Date.now() - 600_000).toUTCString() })).toBeGreaterThan(590_000);
  });
});

test("A secret is masked in every spelling, and so is all of a longer one that begins with it", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4, unit: "grapheme" }), fc.string(), (secret, around) => {
      const redaction = new Redaction();
      redaction.hide({ deep: [secret, `${secret}-longer`] });
      for (const spelling of [
        secret,
        JSON.stringify(secret).slice(1, -1),
        Buffer.from(secret).toString("base64"),
        `${secret}-longer`,
      ]) {
        const masked = redaction.mask(`${around}|${spelling}|`);
        expect(redaction.finds(`${around}|${spelling}|`)).toBe(true);
        expect(redaction.finds(masked) && !"*****".includes(secret)).toBe(false);
      }
    }),
    { numRuns: 200 },
  );
});

test("The number over what is deployed knows no order of keys, and sees every change; secrets need their salt", async () => {
  const parameters = { a: { value: 1, secret: false }, p: { value: "pass", secret: true } };
  const base = await checksum({ x: 1, y: [1, { a: 2, b: 3 }] }, parameters, { group: "g" }, "salt");
  expect(
    await checksum(
      { y: [1, { b: 3, a: 2 }], x: 1 },
      { p: parameters.p, a: parameters.a },
      { group: "g" },
      "salt",
    ),
  ).toBe(base);
  const others = await Promise.all([
    checksum({ x: 2 }, parameters, { group: "g" }, "salt"),
    checksum(
      { x: 1, y: [1, { a: 2, b: 3 }] },
      { ...parameters, a: { value: 2, secret: false } },
      { group: "g" },
      "salt",
    ),
    checksum(
      { x: 1, y: [1, { a: 2, b: 3 }] },
      { ...parameters, p: { value: "past", secret: true } },
      { group: "g" },
      "salt",
    ),
    checksum({ x: 1, y: [1, { a: 2, b: 3 }] }, parameters, { group: "h" }, "salt"),
    checksum({ x: 1, y: [1, { a: 2, b: 3 }] }, parameters, { group: "g" }, "other"),
  ]);
  expect(new Set([base, ...others]).size).toBe(6);
});

import { expect, test } from "vitest";
import { speechOf } from "../../../src/bytes/first-byte.ts";

test("a ClientHello is told from the commands of Redis by one byte", () => {
  expect(speechOf(0x16)).toBe("tls");
  for (const first of ["*", "P", "i", "$", "\r"]) expect(speechOf(first.charCodeAt(0))).toBe("redis");
});

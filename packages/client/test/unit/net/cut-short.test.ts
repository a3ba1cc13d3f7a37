import { expect, test } from "vitest";
import { RedoubtError } from "../../../src/errors.ts";
import { mostTelling } from "../../../src/net/cut-short.ts";

const refused = new RedoubtError("TCP_REFUSED", "refused");
const late = new RedoubtError("TLS_HANDSHAKE_TIMEOUT", "late");
const unreachable = new RedoubtError("TOPOLOGY_UNREACHABLE", "late", { cause: late });

test.each([
  ["the only attempt tells of itself", late, null, late],
  ["the last one, when it says what is wrong", refused, late, refused],
  ["the one before, when the last one was cut short", late, refused, refused],
  ["also where that is only the cause", unreachable, refused, refused],
])("%s", (_, last, before, told) => {
  expect(mostTelling(last, before)).toBe(told);
});

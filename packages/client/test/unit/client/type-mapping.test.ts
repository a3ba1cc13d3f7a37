import { Buffer } from "node:buffer";
import { expect, expectTypeOf, test } from "vitest";
import { RESP_TYPES, replyModeOf, type WithBuffers } from "../../../src/client/type-mapping.ts";
import { asBuffers, asStrings } from "../../../src/protocol/reply.ts";

test("maps blob strings to Buffer or String", () => {
  expect(replyModeOf(undefined)).toBe(asStrings);
  expect(replyModeOf({ [RESP_TYPES.BLOB_STRING]: String })).toBe(asStrings);
  expect(replyModeOf({ [RESP_TYPES.BLOB_STRING]: Buffer })).toBe(asBuffers);
});

test("the reply types follow: strings become Buffers, status replies stay", () => {
  expectTypeOf<WithBuffers<string | null>>().toEqualTypeOf<Buffer | null>();
  expectTypeOf<WithBuffers<"OK">>().toEqualTypeOf<"OK">();
  expectTypeOf<WithBuffers<string[]>>().toEqualTypeOf<Buffer[]>();
  expectTypeOf<WithBuffers<Record<string, string>>>().toEqualTypeOf<{ [x: string]: Buffer }>();
  expectTypeOf<WithBuffers<number>>().toEqualTypeOf<number>();
});

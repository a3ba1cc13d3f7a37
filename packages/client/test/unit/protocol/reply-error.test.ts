import fc from "fast-check";
import { expect, test } from "vitest";
import { RedoubtError, ReplyError } from "../../../src/errors.ts";
import { replyError } from "../../../src/protocol/reply-error.ts";

test.each([
  ["NOAUTH Authentication required.", "AUTH_REQUIRED"],
  ["NOAUTH", "AUTH_REQUIRED"],
  ["WRONGPASS invalid username-password pair or user is disabled.", "AUTH_FAILED"],
  ["NOPERM this user has no permissions to run the 'get' command", "AUTH_FORBIDDEN"],
  ["WRONGTYPE Operation against a key holding the wrong kind of value", "REPLY_WRONG_TYPE"],
  ["READONLY You can't write against a read only replica.", "REPLY_READ_ONLY"],
  ["LOADING Redis is loading the dataset in memory", "REPLY_LOADING"],
  ["MOVED 3999 127.0.0.1:6381", "REPLY_MOVED"],
  ["ASK 3999 127.0.0.1:6381", "REPLY_ASK"],
  ["ASKING is no prefix of ours", "REPLY_ERROR"],
  ["ERR unknown command 'FOO', with args beginning with: 'bar' ", "REPLY_UNKNOWN_COMMAND"],
  ["ERR DB index is out of range", "REPLY_DATABASE_RANGE"],
  ["ERR max number of clients reached", "REPLY_MAX_CLIENTS"],
  ["DENIED Redis is running in protected mode because protected mode is enabled", "REPLY_PROTECTED_MODE"],
  ["ERR AUTH <password> called without any password configured for the default user.", "AUTH_NOT_CONFIGURED"],
  ["ERR syntax error", "REPLY_ERROR"],
  ["", "REPLY_ERROR"],
])("%s is %s", (text, code) => {
  expect(replyError(text).code).toBe(code);
});

test("whatever a server says becomes an error with a code, also a word that every object knows", () => {
  const words = [...Object.getOwnPropertyNames(Object.prototype), "constructor", "__proto__"];
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(...words),
    fc.constantFrom(...words).map((word) => `${word} x`),
  );
  fc.assert(
    fc.property(text, (said) => {
      const error = replyError(said);
      expect(error).toBeInstanceOf(ReplyError);
      expect(error).toBeInstanceOf(RedoubtError);
      expect(error.hint).not.toBe("");
      expect(said.startsWith(error.prefix)).toBe(true);
    }),
  );
});

test("arguments that a server repeats are cut: they may be a password", () => {
  const { message } = replyError(
    "ERR unknown command 'AUTH', with args beginning with: 'app' 'p4ssw0rd\nand more' ",
  );
  expect(message).toBe("ERR unknown command 'AUTH'");
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { checkLines, formatConfig, quote, userDirective } from "../../../src/server/config.ts";

test("directives become lines, the caller's own come last and untouched", () => {
  const text = formatConfig(
    [
      ["port", "0"],
      ["save", ""],
      ["masterauth", 'a "b"\\c\n'],
    ],
    ["maxmemory 10mb"],
  );
  expect(text).toBe('port 0\nsave ""\nmasterauth "a \\"b\\"\\\\c\\x0a"\nmaxmemory 10mb\n');
});

test("quoting keeps every byte, and a line stays a line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const quoted = quote(text);
      expect(quoted).toMatch(/^[\x20-\x7e]+$/);
      expect(unquote(quoted)).toEqual(Buffer.from(text));
    }),
    { numRuns: 500 },
  );
});

test("a user's password goes in as a hash, rules are split, none means nopass", () => {
  const hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
  expect(userDirective("app", { password: "secret", rules: "~app:*  +@read" })).toEqual([
    "user",
    "app",
    "on",
    `#${hash}`,
    "~app:*",
    "+@read",
  ]);
  expect(userDirective("open", { password: false })).toEqual([
    "user",
    "open",
    "on",
    "nopass",
    "~*",
    "&*",
    "+@all",
  ]);
});

test.each(["", "two words", "tab\there", "nul\0"])("a user cannot be named %j", (name) => {
  expect(() => userDirective(name, { password: false })).toThrow(/option "users": the name/);
});

test("a line that an option decides is refused with line, directive and option", () => {
  expect(() => checkLines(["maxmemory 1mb", "  Port 6379"])).toThrow(
    'option "config", line 2: "port" is set by the option "port"; use that',
  );
  expect(() => checkLines(["requirepass x"])).toThrow('the option "password"');
});

test("a line that starting depends on, or two lines in one, is refused", () => {
  expect(() => checkLines(["daemonize yes"])).toThrow('line 1: "daemonize" cannot be changed');
  expect(() => checkLines(["maxmemory 1mb\nport 1"])).toThrow("one directive per entry");
});

test("other lines are fine", () => {
  expect(() => checkLines(["maxmemory 1mb", "", "# port 1", "notify-keyspace-events KEA"])).not.toThrow();
});

/** The server's `sdssplitargs`, for one argument. */
function unquote(text: string): Buffer {
  if (!text.startsWith('"')) return Buffer.from(text);
  const bytes: number[] = [];
  const body = text.slice(1, -1);
  for (let at = 0; at < body.length; at++) {
    if (body[at] !== "\\") bytes.push(body.charCodeAt(at));
    else if (body[at + 1] === "x") {
      bytes.push(Number.parseInt(body.slice(at + 2, at + 4), 16));
      at += 3;
    } else bytes.push(body.charCodeAt(++at));
  }
  return Buffer.from(bytes);
}

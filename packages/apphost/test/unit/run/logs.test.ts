import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Feed } from "../../../src/run/logs/feed.ts";
import { LineSplitter } from "../../../src/run/logs/line-splitter.ts";
import { calm, LogPrinter } from "../../../src/run/logs/log-printer.ts";
import { LogStore } from "../../../src/run/logs/log-store.ts";
import { Masker } from "../../../src/run/logs/masker.ts";
import { Ring } from "../../../src/run/logs/ring.ts";

describe("LineSplitter", () => {
  test("gives the same lines however the bytes are cut", () => {
    const text = fc.array(
      fc.string({ unit: "grapheme", maxLength: 20 }).map((one) => one.replace(/[\r\n]/g, "")),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(text, fc.array(fc.nat(30)), (lines, cuts) => {
        const bytes = Buffer.from(`${lines.join("\n")}\n`);
        const got: string[] = [];
        const splitter = new LineSplitter((line) => got.push(line));
        let at = 0;
        for (const cut of cuts) splitter.add(bytes.subarray(at, (at += cut)));
        splitter.add(bytes.subarray(at));
        splitter.end();
        expect(got).toEqual(lines.map((line) => Buffer.from(line).toString()));
      }),
    );
  });

  test("takes \\r\\n as one end, and what has no end as a line", () => {
    const got: string[] = [];
    const splitter = new LineSplitter((line) => got.push(line));
    splitter.add(Buffer.from("one\r\ntwo\n\nrest"));
    splitter.end();
    expect(got).toEqual(["one", "two", "", "rest"]);
  });

  test("cuts a line that does not end", () => {
    const got: string[] = [];
    const splitter = new LineSplitter((line) => got.push(line));
    for (let piece = 0; piece < 100; piece++) splitter.add(Buffer.alloc(1_000, "x"));
    splitter.add(Buffer.from("\nnext\n"));
    expect(got.map(({ length }) => length)).toEqual([16_385, 4]);
  });
});

describe("Masker", () => {
  test("leaves no secret in a line, in none of its spellings", () => {
    const secret = fc
      .string({ unit: "grapheme", minLength: 6, maxLength: 30 })
      .filter(
        (one) =>
          one.trim().length >= 6 &&
          !/\p{Surrogate}/u.test(one) &&
          !/[\r\n]/.test(one) &&
          !"*****".includes(one),
      );
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.string(), (secrets, around) => {
        const masker = new Masker();
        for (const one of secrets) masker.add(one);
        for (const one of secrets)
          for (const spelling of [one, encodeURIComponent(one), JSON.stringify(one)])
            expect(masker.mask(`${around} ${spelling} ${around}`)).not.toContain(` ${one} `);
      }),
    );
  });

  test("knows the lines of a secret of several, and leaves short ones alone", () => {
    const masker = new Masker();
    masker.add("first-line\nsecond-line");
    masker.add("abc");
    expect(masker.mask("a second-line b first-line abc")).toBe("a ***** b ***** abc");
  });

  test("masks the longer of two secrets of which one begins the other", () => {
    const masker = new Masker();
    masker.add("pass");
    masker.add("password-long");
    expect(masker.mask("x=password-long")).toBe("x=*****");
  });
});

test("a Ring keeps the newest, in order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer()),
      fc.integer({ min: 1, max: 12 }),
      fc.nat(20),
      (items, limit, count) => {
        const ring = new Ring<number>({ count: limit });
        for (const item of items) ring.push(item);
        const kept = items.slice(-limit);
        expect(ring.last(count)).toEqual(count === 0 ? [] : kept.slice(-count));
      },
    ),
  );
});

test("a Ring lets the oldest go when all together are too large, and keeps the newest in any case", () => {
  const ring = new Ring<string>({ count: 100, size: 10, sizeOf: ({ length }) => length });
  for (const item of ["aaaa", "bbbb", "cc", "d"]) ring.push(item);
  expect(ring.last(100)).toEqual(["bbbb", "cc", "d"]);
  ring.push("e".repeat(50));
  expect(ring.last(100)).toEqual(["e".repeat(50)]);
});

describe("Feed", () => {
  test("gives what came before and after the reader asked, then ends", async () => {
    const feed = new Feed<number>();
    feed.push(1);
    const got: number[] = [];
    const reading = (async () => {
      for await (const item of feed) got.push(item);
    })();
    feed.push(2);
    await Promise.resolve();
    feed.push(3);
    feed.end();
    await reading;
    expect(got).toEqual([1, 2, 3]);
  });

  test("leaves out older things where nobody reads, and counts them", () => {
    const feed = new Feed<number>();
    for (let item = 0; item < 25_000; item++) feed.push(item);
    expect(feed.lost).toBe(15_000);
  });
});

test("lines of several resources come in the order in which they were written", async () => {
  const logs = new LogStore(new Masker());
  logs.write("a", "stdout", "1");
  logs.write("b", "stdout", "2");
  logs.write("a", "stderr", "3");
  expect(logs.tail(undefined).map(({ text }) => text)).toEqual(["1", "2", "3"]);
  expect(logs.tail(undefined, 2).map(({ text }) => text)).toEqual(["2", "3"]);
  const lines: string[] = [];
  const reading = (async () => {
    for await (const { text } of logs.read("a", { tail: 1, follow: true })) lines.push(text);
  })();
  logs.write("b", "stdout", "4");
  logs.write("a", "stdout", "5");
  logs.end();
  await reading;
  expect(lines).toEqual(["3", "5"]);
});

describe("what is printed", () => {
  test("steers no terminal", () => {
    const wild = "\u001b]0;title\u0007\u001b[2J\u001b[31mred\u001b[0m\u0007\u202e end";
    expect(calm(wild, false)).toBe("red\\x07\\u202e end");
    expect(calm(wild, true)).toBe("\u001b[31mred\u001b[0m\\x07\\u202e end");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(calm(text, false)).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/);
      }),
    );
  });

  test("has the resource in front, and waits while somebody is asked", () => {
    let text = "";
    const printer = new LogPrinter({ colour: false, write: (more) => void (text += more) }, ["web", "cache"]);
    const line = { number: 1, time: "", stream: "stdout", resource: "web", text: "hello" } as const;
    printer.print(line);
    printer.hold();
    printer.print({ ...line, resource: "cache" });
    expect(text).toBe("web   | hello\n");
    printer.release();
    expect(text).toBe("web   | hello\ncache | hello\n");
  });
});

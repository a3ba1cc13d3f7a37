import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Subscriptions } from "../../../src/terminator/subscriptions.ts";

const command = (...words: string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`;

const plain = [
  command("GET", "SUBSCRIBE"),
  command("SET", "k", "x".repeat(200)),
  "PING\r\n",
  "\r\n",
  command("UNSUBSCRIBE"),
];
const begin = [
  command("SUBSCRIBE", "a"),
  command("psubscribe", "a*"),
  "MONITOR\r\n",
  " subscribe a\r\n",
  command("SSUBSCRIBE", "a"),
];

test("who has subscribed or watches is known, however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...plain), { maxLength: 6 }),
      fc.option(fc.constantFrom(...begin)),
      fc.option(fc.constantFrom(command("RESET"), "quit\r\n")),
      fc.array(fc.constantFrom(...plain), { maxLength: 6 }),
      fc.array(fc.nat(80), { maxLength: 30 }),
      (before, started, ended, after, cuts) => {
        const bytes = Buffer.from(
          [...before, started ?? "", ...(ended === null ? [] : [ended]), ...after].join(""),
        );
        const subscriptions = new Subscriptions();
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          subscriptions.follow(bytes.subarray(at, at + cut));
          at = Math.min(bytes.length, at + cut);
        }
        expect(subscriptions.waits).toBe(started !== null && ended === null);
      },
    ),
  );
});

test("where the stream cannot be followed the client is not spared", () => {
  const subscriptions = new Subscriptions();
  subscriptions.follow(Buffer.from(command("SUBSCRIBE", "a")));
  subscriptions.follow(Buffer.from("*rubbish\r\n"));
  expect(subscriptions.waits).toBe(false);
});

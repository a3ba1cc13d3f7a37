import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Login, Logins } from "../../../src/terminator/logins.ts";

const command = (...words: string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`;

const token = "t".repeat(1800);

/** What is sent, and the logins that are in it. */
const pieces: readonly (readonly [bytes: string, ...logins: Login[]])[] = [
  [command("GET", "AUTH")],
  [command("SET", "k", command("AUTH", "inside", "of a value"))],
  ["PING\r\n"],
  ["\r\n"],
  [command("HELLO", "3")],
  [command("HELLO", "3", "SETNAME", "AUTH-less")],
  [command("AUTHX", "a", "b")],
  [command("AUTH", "secret"), { username: "default", password: "secret" }],
  [command("auth", "me", token), { username: "me", password: token }],
  [command("HELLO", "3", "AUTH", "me", "it"), { username: "me", password: "it" }],
  [command("hello", "2", "SETNAME", "n", "auth", "you", token), { username: "you", password: token }],
  ['AUTH me "a b"\r\n', { username: "me", password: "a b" }],
  ["hello 3 auth me x\r\n", { username: "me", password: "x" }],
];

test("every login is told, and nothing else, however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 40 }),
      (sent, cuts) => {
        const bytes = Buffer.from(sent.map(([text]) => text).join(""));
        const told: Login[] = [];
        const logins = new Logins((login) => told.push(login));
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          logins.follow(bytes.subarray(at, at + cut));
          at = Math.min(bytes.length, at + cut);
        }
        expect(told).toEqual(sent.flatMap(([, ...found]) => found));
      },
    ),
    { numRuns: 500 },
  );
});

test("a login of more than 64 KB, and what comes after bytes that are no commands, is not told", () => {
  const told: Login[] = [];
  const logins = new Logins((login) => told.push(login));
  logins.follow(Buffer.from(command("AUTH", "a", "x".repeat(70_000))));
  logins.follow(Buffer.from(command("AUTH", "a", "b")));
  expect(told).toEqual([{ username: "a", password: "b" }]);
  logins.follow(Buffer.from("*x\r\n"));
  logins.follow(Buffer.from(command("AUTH", "a", "c")));
  expect(told).toHaveLength(1);
});

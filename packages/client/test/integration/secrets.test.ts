import { Buffer } from "node:buffer";
import { inspect } from "node:util";
import { createClient, explain, type RedoubtError } from "@redoubt/client";
import { type RedisServer, startServer } from "@redoubt/server";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Everything that a program might print of a value. */
const printed = (value: unknown): string =>
  [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(value) ?? "",
    String(value),
    String((value as Error)?.stack),
  ].join("\n");

/** The ways in which a secret could stand in a text. */
const spellings = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  Buffer.from(secret).toString("hex"),
];

const secretText = fc
  .oneof(
    fc.string({ minLength: 10, maxLength: 60, unit: "binary" }),
    fc.base64String({ minLength: 12, maxLength: 64 }),
    fc.string({ minLength: 10, maxLength: 60, unit: fc.constantFrom(..."+%@,:/=#?& '\"\\é🔑ab") }),
  )
  .filter((text) => text.trim().length > 8 && Buffer.from(text).toString() === text);

test("a wrong password shows up nowhere, whatever it is", async () => {
  let looked = 0;
  await fc.assert(
    fc.asyncProperty(secretText, async (secret) => {
      const client = createClient({ url: server.uri, password: secret });
      const heard: unknown[] = [];
      client.on("error", (error) => heard.push(error));
      const error = await client.connect().then(
        () => null,
        (reason: RedoubtError) => reason,
      );
      expect(error?.code).toBe("AUTH_FAILED");
      const text = [client, client.target, error, heard, explain(error)].map(printed).join("\n");
      for (const spelling of spellings(secret))
        expect(text.includes(spelling), `${spelling} in ${text}`).toBe(false);
      looked++;
    }),
    { numRuns: 60 },
  );
  expect(looked).toBe(60);
});

test("a server that repeats the arguments of AUTH does not make an error repeat them", async () => {
  await using old = await startServer({
    config: ['rename-command HELLO ""', 'rename-command AUTH ""'],
    password: false,
  });
  const error: RedoubtError = await createClient({ url: old.uri, password: "a-very-secret-token" })
    .connect()
    .then(
      () => null as never,
      (reason) => reason,
    );
  expect(error.code).toBe("REPLY_UNKNOWN_COMMAND");
  expect(printed(error)).not.toContain("a-very-secret-token");
});

test("values and keys of commands do not show up in their errors", async () => {
  await using client = await createClient(server.uri).connect();
  await client.set("private-key", "private-value");
  const errors = await Promise.all([
    client.lPush("private-key", "private-element").catch((error) => error),
    client.sendCommand(["NOSUCH", "private-key", "private-value"]).catch((error) => error),
    client.set("private-key", { private: "private-value" } as never).catch((error) => error),
  ]);
  expect(errors.map(({ code }) => code)).toEqual([
    "REPLY_WRONG_TYPE",
    "REPLY_UNKNOWN_COMMAND",
    "CONFIG_INVALID_VALUE",
  ]);
  for (const error of errors) expect(printed(error)).not.toMatch(/private/);
});

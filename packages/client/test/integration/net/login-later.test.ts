import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "../../../src/config/parse.ts";
import { dial } from "../../../src/net/dial.ts";

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.stop());

const bare = () => parse(server.uri.replace(/\/\/[^@]*@/, "//"));

test("a server that wants a password is kept for a login that comes later", async () => {
  const dialled = await dial(bare(), { protocol: 2, loginLater: true });
  try {
    const answer = new Promise<string>((resolve) =>
      dialled.wire.read((chunk, length) => resolve(chunk.toString("latin1", 0, length))),
    );
    dialled.socket.write(`AUTH ${server.password}\r\n`);
    expect(await answer).toBe("+OK\r\n");
  } finally {
    dialled.close();
  }
});

test("a wrong password is refused all the same, and so is none without the option", async () => {
  const wrong = { username: null, password: "wrong" };
  await expect(dial(bare(), { protocol: 2, loginLater: true, credentials: wrong })).rejects.toMatchObject({
    code: "AUTH_FAILED",
  });
  await expect(dial(bare(), { protocol: 2 })).rejects.toMatchObject({ code: "AUTH_REQUIRED" });
});

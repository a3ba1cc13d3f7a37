import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tableModule } from "../../src/hints/built-in.ts";
import { docsFrom } from "../../src/hints/command-doc.ts";
import { plainText } from "../../src/reply/text.ts";
import { sessionWith } from "../session-with.ts";

let server: RedisServer;

beforeAll(async () => {
  server = await startServer({ listen: "plain", password: false });
});

afterAll(() => server.stop());

test("the built-in table is what Redis 7.0 says", async (context) => {
  const session = sessionWith(server);
  try {
    const info = plainText(await session.ask(["INFO", "server"])) ?? "";
    const version = /redis_version:(\S+)/.exec(info)?.[1] ?? "";
    context.skip(!version.startsWith("7.0."), `this is ${version}`);
    const docs = docsFrom(await session.ask(["COMMAND", "DOCS"]));
    expect(docs.length).toBeGreaterThan(300);
    await expect(tableModule(docs)).toMatchFileSnapshot("../../src/hints/table.generated.ts");
  } finally {
    session.close();
  }
});

import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "../../../src/client/client.ts";
import { isIdempotent } from "../../../src/commands/command.ts";
import { families } from "../../unit/commands/cases/all.ts";
import { call, title } from "../../unit/commands/cases/call.ts";
import { fill } from "./keyspace.ts";
import { openClient } from "./open-client.ts";

let server: RedisServer;
let client: Client;

beforeAll(async () => {
  server = await startServer({
    listen: "plain",
    password: false,
    config: ["enable-debug-command yes"],
  });
  client = await openClient(server, 3);
});

afterAll(async () => {
  client?.destroy();
  await server?.stop();
});

const cases = Object.values(families)
  .flat()
  .filter((each) => {
    const made = call(each);
    return isIdempotent(made) && !made.spec.readonly && made.spec.keys !== null;
  });

/** A digest of all keys, values and which of them expire. */
function digest(): Promise<unknown> {
  return client.sendCommand(["DEBUG", "DIGEST"]);
}

describe("what may be repeated leaves, sent twice, what it leaves sent once", () => {
  test("there are many", () => {
    expect(cases.length).toBeGreaterThan(50);
  });

  test.each(cases.map((each) => [title(each), each] as const))("%s", async (_, each) => {
    await fill(client);
    const send = () => client.execute(call(each)).catch((error: unknown) => String(error));
    const first = await send();
    const once = await digest();
    const second = await send();
    expect(await digest()).toEqual(once);
    // An error the second time only would be told of what has been done.
    expect(typeof second).toBe(typeof first);
  });
});

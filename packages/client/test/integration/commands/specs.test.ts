import { readFileSync } from "node:fs";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "../../../src/client/client.ts";
import type { Command } from "../../../src/commands/command.ts";
import { firstKeyOf, keysOf } from "../../../src/commands/keys.ts";
import type { CommandInfo } from "../../../src/commands/server-command.ts";
import { families, modules } from "../../unit/commands/cases/all.ts";
import { call, title } from "../../unit/commands/cases/call.ts";
import { ourCases } from "../../unit/commands/cases/ours.ts";
import { openClient } from "./open-client.ts";

const cases = [...Object.values({ ...families, ...modules }).flat(), ...ourCases.map((each) => each.call)];

/** They wait only when asked to with BLOCK. */
const waitingOnDemand = new Set(["XREAD", "XREADGROUP"]);

/** They wait on purpose, and servers do not mark them so: for replicas, for another server, for their own end. */
const waiting = new Set(["WAIT", "MIGRATE", "SHUTDOWN"]);

let server: RedisServer;
let client: Client;
let known: ReadonlyMap<string, CommandInfo>;

beforeAll(async () => {
  server = await startServer({ listen: "plain", password: false });
  client = await openClient(server, 3);
  const all = (await client.command()).flatMap((each) => [each, ...each.subcommands]);
  known = new Map(all.map((each) => [each.name.replace("|", " ").toUpperCase(), each]));
});

afterAll(async () => {
  client?.destroy();
  await server?.stop();
});

const specs = new Map(cases.map((each) => call(each).spec).map((spec) => [spec.name, spec]));

test("the list of commands, by which we know what is missing, has all of this server", () => {
  const corpus = new URL("../../corpus/command-names.json", import.meta.url);
  const { commands } = JSON.parse(readFileSync(corpus, "utf8")) as { readonly commands: object };
  // Containers are there by what they contain.
  const containers = new Set(
    [...known.keys()].filter((name) => name.includes(" ")).map((name) => name.split(" ")[0]),
  );
  const names = [...known.keys()].filter((name) => !containers.has(name));
  expect(names.length).toBeGreaterThan(330);
  expect(names.filter((name) => !(name in commands))).toEqual([]);
});

describe("what a command says of itself is what the server says", () => {
  test("there are all the commands", () => {
    expect(specs.size).toBeGreaterThan(230);
    expect([...specs.keys()].filter((name) => known.has(name)).length).toBeGreaterThan(300);
  });

  test.each([...specs])("%s", (name, spec) => {
    const info = known.get(name);
    // Newer than the oldest server that we run on, Redis 7.0: the unit tests compare it with the list of commands.
    if (info === undefined) return;
    expect({ readonly: spec.readonly, blocking: spec.blocking }).toEqual({
      readonly: info.flags.has("readonly"),
      blocking: waitingOnDemand.has(name) ? spec.blocking : info.flags.has("blocking") || waiting.has(name),
    });
  });
});

describe("the keys are where the server finds them", () => {
  test.each(cases.map((each) => [title(each), call(each)] as const))("%s", async (_, made) => {
    if (!known.has(made.spec.name)) return;
    const ours = keysOf(made).map(String);
    expect(String(firstKeyOf(made))).toBe(String(ours[0]));
    const theirs = await serversKeys(made);
    // A shard channel is no key, and routes like one.
    if (theirs !== null && made.spec.name !== "SPUBLISH") expect([...ours].sort()).toEqual(theirs.sort());
  });
});

/** The keys by COMMAND GETKEYS; null where that refuses the call, which wants an argument. */
async function serversKeys({ spec, args }: Command<unknown>): Promise<string[] | null> {
  try {
    return await client.commandGetKeys([...spec.name.split(" "), ...args]);
  } catch (error) {
    const { message } = error as Error;
    if (/has no key arguments/.test(message)) return [];
    expect(message).toMatch(/number of arguments|Invalid arguments/);
    return null;
  }
}

import { Buffer } from "node:buffer";
import { type RedisServer, startServer } from "@redoubt/server";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "../../../src/client/client.ts";
import { families } from "../../unit/commands/cases/all.ts";
import { title } from "../../unit/commands/cases/call.ts";
import type { Case, CommandName } from "../../unit/commands/cases/case.ts";
import { fill, settle } from "./keyspace.ts";
import { openClient, withBuffers } from "./open-client.ts";

/** Replies that differ from one time to the next, by command or by call: only their form is compared. */
const changing = new Set<string>([
  "aclGenPass",
  "aclLog",
  "clientId",
  "clientInfo",
  "clientList",
  "hello",
  "info",
  "lastSave",
  "latencyHistogram",
  "memoryDoctor",
  "memoryMallocStats",
  "memoryStats",
  'pTTL("expiring")',
  "randomKey",
  "time",
  'ttl("expiring")',
  "xInfoConsumers",
  "xPendingRange",
  'xAdd("x1", "*", {"a":"1"})',
]);

/** Tracking needs RESP3 or a connection to redirect to, and the server says so. */
const perProtocol = new Set<string>(["clientTracking"]);

/** Where node-redis leaves maps as flat lists, or doubles as text, in RESP2: we go by its RESP3. */
const rawInTheirResp2 = new Set<string>(["geoPos", "memoryStats"]);

/** What is no text: Buffers for us, always, and for node-redis on demand. */
const binary = new Set<string>(["dump", "functionDump"]);

type NodeRedis = ReturnType<typeof createClient>;

let server: RedisServer;
let ours: Readonly<Record<2 | 3, Client>>;
let theirs: Readonly<Record<2 | 3, NodeRedis>>;

beforeAll(async () => {
  server = await startServer({ listen: "plain", password: false });
  ours = { 2: await openClient(server, 2), 3: await openClient(server, 3) };
  const open = async (RESP: 2 | 3) => {
    const client = createClient({ url: server.uri, socket: { reconnectStrategy: false }, RESP });
    client.on("error", () => {});
    return (await client.connect()) as unknown as NodeRedis;
  };
  theirs = { 2: await open(2), 3: await open(3) };
});

afterAll(async () => {
  for (const protocol of [2, 3] as const) {
    ours?.[protocol].destroy();
    theirs?.[protocol].destroy();
  }
  await server?.stop();
});

async function prepare(name: CommandName): Promise<void> {
  if (name.startsWith("bg")) await settle(ours[2]);
  await fill(ours[2]);
}

async function ourReply(protocol: 2 | 3, each: Case, buffers = false): Promise<unknown> {
  await prepare(each[0]);
  return reply(buffers ? withBuffers(ours[protocol]) : ours[protocol], each);
}

async function theirReply(protocol: 2 | 3, each: Case): Promise<unknown> {
  await prepare(each[0]);
  const client = theirs[protocol];
  return reply(binary.has(each[0]) ? client.withTypeMapping({ 36: Buffer }) : client, each);
}

/** The reply, or the error's text: both libraries must agree on that, too. */
async function reply(of: unknown, [name, ...args]: Case): Promise<unknown> {
  const client = of as Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;
  const method = client[name];
  if (method === undefined) throw new Error(`there is no method ${name}`);
  try {
    return await method.apply(client, args as unknown[]);
  } catch (error) {
    // The arguments that a server repeats are no part of our errors.
    return { error: (error as Error).message.replace(/, with args beginning with:[^]*$/, "") };
  } finally {
    if (name === "clientTracking") await method.call(client, false);
  }
}

/** The form of a value: types instead of values, one element for a list, one number for a histogram. */
function form(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(form);
  if (value === null || typeof value !== "object") return typeof value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  const forms = entries.map(([key, each]) => [/^\d+$/.test(key) ? "0" : key, form(each)] as const);
  return Object.fromEntries(forms);
}

/** A value with strings in place of Buffers. */
function text(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString();
  if (value instanceof Set) return new Set([...value].map(text));
  if (Array.isArray(value)) return value.map(text);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, text(each)]));
}

describe.each(Object.entries(families))("%s commands", (_, cases) => {
  test.each(cases.map((each) => [title(each), each] as const))("%s", async (name, each) => {
    const view = changing.has(name) || changing.has(each[0]) ? form : (value: unknown) => value;
    const [two, three] = [view(await ourReply(2, each)), view(await ourReply(3, each))];
    if (!perProtocol.has(each[0])) expect(three).toEqual(two);
    if (!rawInTheirResp2.has(each[0])) expect(two).toEqual(view(await theirReply(2, each)));
    expect(three).toEqual(view(await theirReply(3, each)));
    expect(view(text(await ourReply(2, each, true)))).toEqual(text(two));
    expect(view(text(await ourReply(3, each, true)))).toEqual(text(three));
  });
});

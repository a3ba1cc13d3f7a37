import { type SentinelSet, startSentinels } from "@redoubt/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTunnel } from "../../../src/tunnel.ts";
import { Talk, until } from "./talk.ts";

// A machine that is busy with other things is no reason to fail.
vi.setConfig({ testTimeout: 120_000 });

let sentinels: SentinelSet;
beforeAll(async () => {
  sentinels = await startSentinels();
}, 60_000);
afterAll(() => sentinels?.stop());

test("the master that the Sentinels name is served, and the next one after a failover", async () => {
  await using tunnel = await createTunnel({
    to: sentinels.uri,
    listen: "127.0.0.1:0",
    connectTimeout: 30_000,
  });
  using talk = await Talk.open(tunnel.addresses[0] as string);
  expect(await talk.say("SET before 1")).toEqual(["+OK"]);
  await until("it is replicated", async () => {
    const found = await Promise.all(sentinels.replicas.map((replica) => replica.command("GET", "before")));
    return found.every((value) => value === "1");
  });
  await sentinels.sentinels[0]?.command("SENTINEL", "FAILOVER", sentinels.masterName);
  await until("the tunnel leads to another master", async () => {
    const [reply] = await talk.say("SET after 1");
    if (reply !== "+OK") return false;
    // Whoever is promoted or demoted hangs up on everybody, those who ask included.
    const roles = await Promise.all(
      sentinels.replicas.map((replica) => replica.command("ROLE").catch(() => null)),
    );
    return roles.some((role) => Array.isArray(role) && role[0] === "master");
  });
  expect(await talk.say("GET before")).toEqual(["$1\r\n1"]);
}, 60_000);

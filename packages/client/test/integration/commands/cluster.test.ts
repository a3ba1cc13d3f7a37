import { type Cluster, startCluster } from "@redoubt/server";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "../../../src/client/client.ts";
import { title } from "../../unit/commands/cases/call.ts";
import type { Case } from "../../unit/commands/cases/case.ts";
import { clusterCases } from "../../unit/commands/cases/cluster.ts";
import { openClient } from "./open-client.ts";

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

/** What changes a cluster, or has numbers that change by themselves. */
const changing = /^cluster(Add|Bump|Del|Failover|Flush|Forget|Info|Links|Meet|Replicate|Reset|Set|Nodes)/;

let cluster: Cluster;
let two: Client;
let three: Client;
let theirs: Readonly<Record<2 | 3, Methods>>;
let closeTheirs: () => void;

beforeAll(async () => {
  cluster = await startCluster({ primaries: 3, listen: "plain", password: false });
  const [node] = cluster.nodes;
  if (node === undefined) throw new Error("the cluster has no nodes");
  two = await openClient(node, 2);
  three = await openClient(node, 3);
  const open = async (RESP: 2 | 3) => {
    const client = createClient({ url: node.uri, RESP });
    client.on("error", () => {});
    await client.connect();
    return client;
  };
  const both = { 2: await open(2), 3: await open(3) };
  theirs = both as unknown as typeof theirs;
  closeTheirs = () => {
    both[2].destroy();
    both[3].destroy();
  };
});

afterAll(async () => {
  two?.destroy();
  three?.destroy();
  closeTheirs?.();
  await cluster?.stop();
});

function reply(of: unknown, [name, ...args]: Case): Promise<unknown> {
  return ((of as Methods)[name] as Methods[string])(...args).catch(
    (error: unknown) => (error as Error).message,
  );
}

describe("what a cluster says of itself is, in both protocols, what node-redis reads", () => {
  const asking = clusterCases.filter(([name]) => !changing.test(name));

  test("there are some", () => {
    expect(asking.length).toBeGreaterThan(7);
  });

  test.each(asking.map((each) => [title(each), each] as const))("%s", async (_, each) => {
    const value = await reply(two, each);
    expect(await reply(three, each)).toEqual(value);
    expect(value).toEqual(await reply(theirs[2], each));
    expect(value).toEqual(await reply(theirs[3], each));
  });

  test("its connections have the same form", async () => {
    const links = await two.clusterLinks();
    expect(links.length).toBeGreaterThan(0);
    for (const each of [...links, ...(await three.clusterLinks())])
      expect(each).toEqual({
        direction: expect.stringMatching(/^(to|from)$/),
        node: expect.stringMatching(/^[0-9a-f]{40}$/),
        "create-time": expect.any(Number),
        events: expect.any(String),
        "send-buffer-allocated": expect.any(Number),
        "send-buffer-used": expect.any(Number),
      });
  });
});

describe.each([2, 3] as const)("RESP%i", (protocol) => {
  const client = () => (protocol === 2 ? two : three);

  test("shards and slots agree", async () => {
    const [shards, ranges] = [await client().clusterShards(), await client().clusterSlots()];
    expect(shards).toHaveLength(3);
    for (const { slots, nodes } of shards) {
      const [range] = slots;
      expect(ranges).toContainEqual({
        from: range?.start,
        to: range?.end,
        master: { host: nodes[0]?.ip, port: nodes[0]?.port, id: nodes[0]?.id },
        replicas: [],
      });
      expect(nodes).toMatchObject([{ role: "master", health: "online" }]);
    }
  });

  test("a slot goes away and comes back", async () => {
    const id = await client().clusterMyId();
    const mine = (await client().clusterSlots()).find(({ master }) => master.id === id);
    const slot = mine?.from as number;
    expect(await client().clusterSetSlot(slot, "STABLE")).toBe("OK");
    expect(await client().clusterDelSlots(slot)).toBe("OK");
    expect(await client().clusterInfo()).toMatch(/cluster_slots_assigned:16383/);
    expect(await client().clusterAddSlotsRange({ start: slot, end: slot })).toBe("OK");
    expect(await client().clusterInfo()).toMatch(/cluster_slots_assigned:16384/);
  });
});

import { describe, expect, test } from "vitest";
import { askTopology, ofShards, ofSlots } from "../../../src/cluster/topology.ts";
import type { Command } from "../../../src/commands/command.ts";
import type { ClusterShardNode } from "../../../src/commands/index.ts";
import { replyError } from "../../../src/protocol/reply-error.ts";

const asked = { endpoint: { host: "seed.example.com", port: 10_000 }, tls: true };

const node = (fields: Partial<ClusterShardNode>): ClusterShardNode => ({
  id: "id",
  port: 6379,
  "tls-port": 6380,
  ip: "10.0.0.1",
  endpoint: "10.0.0.1",
  role: "master",
  "replication-offset": 0,
  health: "online",
  ...fields,
});
const slots = [{ start: 0, end: 16_383 }];

describe("CLUSTER SHARDS", () => {
  test("gives endpoint, announced name and all addresses, with the port that fits the connection", () => {
    const shards = [{ slots, nodes: [node({ hostname: "a.example.com" })] }];
    expect(ofShards(shards, asked)).toEqual([
      {
        master: {
          id: "id",
          endpoint: { host: "10.0.0.1", port: 6380 },
          hostname: "a.example.com",
          addresses: ["10.0.0.1:6380", "a.example.com:6380"],
        },
        replicas: [],
        slots,
      },
    ]);
    expect(ofShards(shards, { ...asked, tls: false })[0]?.master.endpoint.port).toBe(6379);
  });

  test.each([[null], [""], ["?"]])(
    "endpoint %j means: where the node was reached that was asked",
    (endpoint) => {
      const shards = [{ slots, nodes: [node({ endpoint, "tls-port": 8500 })] }];
      expect(ofShards(shards, asked)[0]?.master).toMatchObject({
        endpoint: { host: "seed.example.com", port: 8500 },
        hostname: null,
      });
    },
  );

  test("a hostname of ? or nothing is none", () => {
    for (const hostname of ["?", ""])
      expect(ofShards([{ slots, nodes: [node({ hostname })] }], asked)[0]?.master.hostname).toBeNull();
  });

  test("of two that are called primary the one that is online counts; replicas that are not are left out", () => {
    const nodes = [
      node({ id: "old", health: "failed" }),
      node({ id: "new", ip: "10.0.0.2", endpoint: "10.0.0.2" }),
      node({ id: "reads", role: "replica" }),
      node({ id: "loads", role: "replica", health: "loading" }),
    ];
    const [shard] = ofShards([{ slots, nodes }], asked);
    expect(shard?.master.id).toBe("new");
    expect(shard?.replicas.map(({ id }) => id)).toEqual(["reads"]);
  });

  test("shards without slots and without a primary are left out", () => {
    expect(ofShards([{ slots: [], nodes: [node({})] }], asked)).toEqual([]);
    expect(ofShards([{ slots, nodes: [node({ role: "replica" })] }], asked)).toEqual([]);
  });
});

test("CLUSTER SLOTS: ranges of one primary become one shard, IPv6 included, no host is the asked one", () => {
  const master = { host: "fd00::1", port: 7000, id: "a" };
  const replica = { host: null, port: 7001, id: "b" };
  const found = ofSlots(
    [
      { from: 0, to: 5, master, replicas: [replica] },
      { from: 7, to: 9, master, replicas: [replica] },
    ],
    asked,
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    slots: [
      { start: 0, end: 5 },
      { start: 7, end: 9 },
    ],
    master: { endpoint: { host: "fd00::1", port: 7000 }, addresses: ["[fd00::1]:7000"] },
    replicas: [{ endpoint: { host: "seed.example.com", port: 7001 } }],
  });
});

describe("asking", () => {
  const answering = (replies: Record<string, unknown>) => {
    const asks: string[] = [];
    const ask = async <Reply>({ spec }: Command<Reply>): Promise<Reply> => {
      asks.push(spec.name);
      const reply = replies[spec.name];
      if (reply instanceof Error) throw reply;
      return reply as Reply;
    };
    return { ask, asks };
  };

  test("goes on with CLUSTER SLOTS where SHARDS is unknown or forbidden", async () => {
    for (const refusal of [
      "ERR Unknown subcommand or wrong number of arguments for 'shards'. Try CLUSTER HELP.",
      "ERR unknown subcommand 'SHARDS'. Try CLUSTER HELP.",
      "NOPERM User app has no permissions to run the 'cluster|shards' command",
    ]) {
      const { ask, asks } = answering({
        "CLUSTER SHARDS": replyError(refusal),
        "CLUSTER SLOTS": [{ from: 0, to: 1, master: { host: "h", port: 1, id: "a" }, replicas: [] }],
      });
      expect(await askTopology(ask, asked)).toHaveLength(1);
      expect(asks).toEqual(["CLUSTER SHARDS", "CLUSTER SLOTS"]);
    }
  });

  test("takes a server outside of a cluster for one that serves all slots", async () => {
    const { ask } = answering({
      "CLUSTER SHARDS": replyError("ERR This instance has cluster support disabled"),
    });
    expect(await askTopology(ask, asked)).toMatchObject([
      { master: { endpoint: asked.endpoint }, slots: [{ start: 0, end: 16_383 }] },
    ]);
  });

  test("does not take the word of a node that knows nobody", async () => {
    const { ask } = answering({ "CLUSTER SHARDS": [{ slots: [], nodes: [node({})] }] });
    await expect(askTopology(ask, asked)).rejects.toMatchObject({
      code: "TOPOLOGY_NO_SLOTS",
      address: "seed.example.com:10000",
    });
  });

  test("passes on what is no refusal", async () => {
    const lost = new Error("lost");
    const { ask, asks } = answering({ "CLUSTER SHARDS": lost });
    await expect(askTopology(ask, asked)).rejects.toBe(lost);
    expect(asks).toEqual(["CLUSTER SHARDS"]);
  });
});

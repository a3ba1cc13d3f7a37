import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/commands/command.ts";
import { toNumber, toObject } from "../../../src/commands/decode.ts";
import * as commands from "../../../src/commands/index.ts";

/** What servers that are not here (newer ones, replicas, Sentinels) answer, in both protocols. */
const replies: readonly (readonly [
  what: string,
  of: Command<unknown>,
  resp2: unknown,
  resp3: unknown,
  value: unknown,
])[] = [
  ["rank with score", commands.zRankWithScore("z", "a"), [1, "2.5"], [1, 2.5], { rank: 1, score: 2.5 }],
  ["no rank", commands.zRankWithScore("z", "a"), null, null, null],
  [
    "rank with infinite score",
    commands.zRevRankWithScore("z", "a"),
    [0, "inf"],
    [0, Number.POSITIVE_INFINITY],
    { rank: 0, score: Number.POSITIVE_INFINITY },
  ],
  ["float increment", commands.incrExByFloat("k", 1), ["2.5", "1"], [2.5, 1], [2.5, 1]],
  [
    "fields without values",
    commands.hScanNoValues("h", "0"),
    ["7", ["a"]],
    ["7", ["a"]],
    { cursor: "7", fields: ["a"] },
  ],
  [
    "role of a replica",
    commands.role(),
    ["slave", "10.0.0.1", 6379, "connected", 14],
    ["slave", "10.0.0.1", 6379, "connected", 14],
    { role: "slave", master: { host: "10.0.0.1", port: 6379 }, state: "connected", dataReceived: 14 },
  ],
  [
    "role of a primary",
    commands.role(),
    ["master", 5, [["10.0.0.2", "6380", "4"]]],
    ["master", 5, [["10.0.0.2", "6380", "4"]]],
    {
      role: "master",
      replicationOffest: 5,
      replicas: [{ host: "10.0.0.2", port: 6380, replicationOffest: 4 }],
    },
  ],
  [
    "role of a Sentinel",
    commands.role(),
    ["sentinel", ["a"]],
    ["sentinel", ["a"]],
    { role: "sentinel", masterNames: ["a"] },
  ],
  [
    "modules",
    commands.hello(),
    { server: "redis", modules: [["name", "search", "ver", 1]] },
    {
      server: "redis",
      modules: [
        new Map<string, unknown>([
          ["name", "search"],
          ["ver", 1],
        ]),
      ],
    },
    { server: "redis", modules: [{ name: "search", ver: 1 }] },
  ],
  [
    "a function that runs",
    commands.functionStats(),
    { running_script: ["name", "f", "duration_ms", 9], engines: ["LUA", ["libraries_count", 1]] },
    {
      running_script: new Map<string, unknown>([
        ["name", "f"],
        ["duration_ms", 9],
      ]),
      engines: new Map([["LUA", new Map([["libraries_count", 1]])]]),
    },
    { running_script: { name: "f", duration_ms: 9 }, engines: { LUA: { libraries_count: 1 } } },
  ],
  [
    "hot keys",
    commands.hotkeysGet(),
    [
      [
        "sample-ratio",
        1,
        "selected-slots",
        [[3], [5, 9]],
        "total-net-bytes",
        77,
        "by-cpu-time-us",
        ["a", "12"],
      ],
    ],
    new Map<string, unknown>([
      ["sample-ratio", 1],
      ["selected-slots", [[3], [5, 9]]],
      ["total-net-bytes", 77],
      ["by-cpu-time-us", new Map([["a", 12]])],
    ]),
    {
      sampleRatio: 1,
      selectedSlots: [
        { start: 3, end: 3 },
        { start: 5, end: 9 },
      ],
      totalNetBytes: 77,
      byCpuTimeUs: [{ key: "a", value: 12 }],
    },
  ],
  ["no hot keys", commands.hotkeysGet(), null, null, null],
  [
    "command of Redis 6, without key specifications",
    commands.command(),
    [["get", 2, ["readonly"], 1, 1, 1, ["@read"]]],
    [["get", 2, ["readonly"], 1, 1, 1, ["@read"]]],
    [
      {
        name: "get",
        arity: 2,
        flags: new Set(["readonly"]),
        firstKeyIndex: 1,
        lastKeyIndex: 1,
        step: 1,
        categories: new Set(["@read"]),
        policies: { request: undefined, response: undefined },
        isKeyless: true,
        nondeterministicOutput: false,
        tips: [],
        keySpecs: [],
        subcommands: [],
      },
    ],
  ],
];

describe("replies of both protocols become the same value", () => {
  test.each(replies)("%s", (_, of, resp2, resp3, value) => {
    expect(of.decode?.(resp2 as never, 2)).toEqual(value);
    expect(of.decode?.(resp3 as never, 3)).toEqual(value);
  });
});

test("what a newer server says of a client is kept", () => {
  const line = Buffer.from(
    "id=3 addr=[::1]:5 name= lib-name=redoubt lib-ver=1.0 io-thread=2 tot-mem=22 user=007\n",
  );
  const info = commands.clientInfo().decode?.(line as never, 3);
  expect(info).toEqual({
    id: 3,
    addr: "[::1]:5",
    name: "",
    libName: "redoubt",
    libVer: "1.0",
    ioThread: 2,
    totMem: 22,
    user: "007",
  });
});

test.each([
  ["inf", Number.POSITIVE_INFINITY],
  ["+inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
  ["nan", Number.NaN],
  ["-0", -0],
  ["1e+21", 1e21],
  [Buffer.from("2.5"), 2.5],
  [3.5, 3.5],
] as const)("the double %s", (reply, number) => {
  expect(toNumber(reply)).toBe(number);
});

test("a field named __proto__ is a field", () => {
  const object = toObject(["__proto__", "x", Buffer.from("a"), "y"]);
  expect(Object.keys(object)).toEqual(["__proto__", "a"]);
  expect(Object.getPrototypeOf(object)).toBeNull();
});

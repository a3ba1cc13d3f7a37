import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/commands/command.ts";
import * as commands from "../../../src/commands/index.ts";
import { RedoubtError } from "../../../src/errors.ts";
import { Encoder } from "../../../src/protocol/encoder.ts";
import { call, title } from "./cases/call.ts";
import type { Case, ModuleCase } from "./cases/case.ts";

const refused: readonly (readonly [Case | ModuleCase, message: string])[] = [
  [["del", []], "DEL: keys must hold at least one element"],
  [["mGet", []], "MGET: keys must hold at least one element"],
  [["hDel", "h", []], "HDEL: field must hold at least one element"],
  [["hTTL", "h", []], "HTTL: fields must hold at least one element"],
  [["blPop", [], 1], "BLPOP: key must hold at least one element"],
  [["zAdd", "z", []], "ZADD: members must hold at least one element"],
  [["zUnion", []], "ZUNION: keys must hold at least one element"],
  [["zDiff", []], "ZDIFF: keys must hold at least one element"],
  [["migrate", "h", 1, [], 0, 1], "MIGRATE: key must hold at least one element"],
  [["sort", "l", { GET: [] }], "SORT: GET must hold at least one element"],
  [["clientKill", []], "CLIENT KILL: filters must hold at least one element"],
  [["clientList", { ID: [] }], "CLIENT LIST: ID must hold at least one element"],
  [["commandInfo", []], "COMMAND INFO: commands must hold at least one element"],
  [["mSet", {}], "MSET: toSet must hold at least one entry"],
  [["mSet", []], "MSET: toSet must hold at least one entry"],
  [["mSet", ["a", "1", "b"]], "MSET: toSet must have a value for every name"],
  [["mSet", [["a"]]], "MSET: toSet must hold pairs of a name and a value"],
  [["mSet", [["a", "1", "b"]]], "MSET: toSet must hold pairs of a name and a value"],
  [["mSetEx", ["a"]], "MSETEX: keyValuePairs must have a value for every name"],
  [["hSet", "h", {}], "HSET: fields must hold at least one entry"],
  [["hSet", "h", new Map()], "HSET: fields must hold at least one entry"],
  [["hSet", "h", "a"], "HSET: value must be given with a single name"],
  [["hSetEx", "h", []], "HSETEX: fields must hold at least one entry"],
  [["configSet", "maxmemory"], "CONFIG SET: value must be given with a single name"],
  [["set", "k", "v", { NX: true, XX: true }], "SET: NX and XX exclude each other: give one of them"],
  [
    ["set", "k", "v", { condition: "NX", XX: true }],
    "SET: condition and XX exclude each other: give one of them",
  ],
  [["set", "k", "v", { EX: 1, PX: 1 }], "SET: EX and PX exclude each other: give one of them"],
  [["set", "k", "v", { EX: 1, KEEPTTL: true }], "SET: EX and KEEPTTL exclude each other: give one of them"],
  [
    ["set", "k", "v", { expiration: "KEEPTTL", EX: 1 }],
    "SET: expiration and EX exclude each other: give one of them",
  ],
  [
    ["set", "k", "v", { condition: "IFEQ" }],
    "SET: matchValue belongs to the conditions IFEQ, IFNE, IFDEQ and IFDNE, and to no other",
  ],
  [
    ["set", "k", "v", { condition: "NX", matchValue: "v" }],
    "SET: matchValue belongs to the conditions IFEQ, IFNE, IFDEQ and IFDNE, and to no other",
  ],
  [["getEx", "k", {}], "GETEX: options must name EX, PX, EXAT, PXAT or PERSIST"],
  [["getEx", "k", { EX: 1, PERSIST: true }], "GETEX: EX and PERSIST exclude each other: give one of them"],
  [
    ["zAdd", "z", { value: "a", score: 1 }, { NX: true, XX: true }],
    "ZADD: NX and XX exclude each other: give one of them",
  ],
  [
    ["zAdd", "z", { value: "a", score: 1 }, { comparison: "GT", LT: true }],
    "ZADD: comparison and LT exclude each other: give one of them",
  ],
  [["zInter", [{ key: "a", weight: 1 }, "b"]], "ZINTER: keys must all have a weight, or none"],
  [
    ["clientList", { TYPE: "NORMAL", ID: ["1"] }],
    "CLIENT LIST: TYPE and ID exclude each other: give one of them",
  ],
  [
    ["clientTracking", true, { OPTIN: true, OPTOUT: true }],
    "CLIENT TRACKING: OPTIN and OPTOUT exclude each other: give one of them",
  ],
  [["geoAdd", "g", []], "GEOADD: toAdd must hold at least one element"],
  [
    ["geoAdd", "g", { longitude: 1, latitude: 2, member: "a" }, { NX: true, XX: true }],
    "GEOADD: NX and XX exclude each other: give one of them",
  ],
  [["bitOp", "AND", "d", []], "BITOP: key must hold at least one element"],
  [["xAdd", "x", "*", {}], "XADD: message must hold at least one entry"],
  [
    ["xAdd", "x", "*", { a: "1" }, { IDMPAUTO: { pid: "p" }, IDMP: { pid: "p", iid: "i" } }],
    "XADD: IDMPAUTO and IDMP exclude each other: give one of them",
  ],
  [["xRead", []], "XREAD: streams must hold at least one element"],
  [["xDelEx", "x", []], "XDELEX: id must hold at least one element"],
  [["clusterAddSlots", []], "CLUSTER ADDSLOTS: slots must hold at least one element"],
  [["arMSet", "a", {}], "ARMSET: entries must hold at least one entry"],
  [["json.mGet", [], "$"], "JSON.MGET: keys must hold at least one element"],
  [["json.set", "k", "$", undefined], "JSON.SET: value has no JSON form"],
  [["json.arrPop", "k", { index: 1 }], "JSON.ARRPOP: index must come with a path"],
  [["cms.merge", "d", ["a", { name: "b", weight: 2 }]], "CMS.MERGE: source must all have a weight, or none"],
  [["ts.mGet", []], "TS.MGET: filter must hold at least one element"],
  [["tDigest.add", "k", []], "TDIGEST.ADD: values must hold at least one element"],
];

describe("arguments of the wrong form are refused at once", () => {
  test.each(refused.map(([each, message]) => [title(each), each, message] as const))(
    "%s",
    (_, each, message) => {
      const error = caught(() => call(each));
      expect(error).toMatchObject({ code: "CONFIG_INVALID_VALUE", message, command: message.split(":")[0] });
    },
  );
});

describe("values that cannot be sent are refused before anything is sent", () => {
  const unsendable: readonly Command<unknown>[] = [
    commands.get(undefined as never),
    commands.set("k", null as never),
    commands.mSet({ a: undefined as never }),
    commands.hSet("h", { a: { nested: true } as never }),
    commands.expire("k", Number.NaN),
    commands.expireAt("k", new Date("no date")),
    commands.zAdd("z", { value: "a", score: Number.NaN }),
    commands.mGet(["a", undefined as never]),
    commands.del([true as never]),
  ];
  test.each(unsendable.map((each) => [each.spec.name, each] as const))("%s", (name, each) => {
    const encoder = new Encoder();
    const error = caught(() => encoder.add(each));
    expect(error).toMatchObject({ code: "CONFIG_INVALID_VALUE", command: name });
    expect(encoder.waiting).toBe(0);
  });
});

test("a command keeps its own list of arguments", () => {
  const keys = ["a", "b"];
  const made = commands.del(keys);
  keys.push("c");
  expect(made.args).toEqual(["a", "b"]);
});

function caught(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(RedoubtError);
    return error;
  }
  throw new Error("nothing was refused");
}

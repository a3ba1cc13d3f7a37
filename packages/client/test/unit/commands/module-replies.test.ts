import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { title } from "./cases/call.ts";
import type { Case, ModuleCase } from "./cases/case.ts";
import { theirValue } from "./node-redis.ts";
import { double, type Meant, ourValue, resp2, resp3, withObjects } from "./wire.ts";

const samples = [
  [5, double(1.5)],
  [6, double(Number.NaN)],
];
const labels = { area: "north", kind: null };
const pairs = Object.entries(labels);
const groupBy = { label: "area", REDUCE: "MAX" };

/** What servers with modules, or newer ones, answer; the same in both protocols. Source: the documentation of each command. */
const alike: readonly (readonly [Case | ModuleCase, Meant])[] = [
  [["json.get", "k"], '{"a":[1,null]}'],
  [["json.get", "none"], null],
  [["json.get", "k", { reviver: (_: string, value: unknown) => (value === 1 ? "one" : value) }], "[1]"],
  [
    ["json.mGet", ["k", "none"], "$"],
    ['["x"]', null],
  ],
  [
    ["json.arrPop", "k", { path: "$" }],
    ['{"a":1}', null],
  ],
  [["json.arrPop", "k"], "5"],
  [["bf.info", "k"], { Capacity: 100, Size: 290, "Number of filters": 1 }],
  [
    ["bf.scanDump", "k", 0],
    [1, Buffer.from([1, 255])],
  ],
  [
    ["cf.insertNX", "k", ["a", "b"]],
    [1, -1],
  ],
  [
    ["cf.scanDump", "k", 1],
    [0, null],
  ],
  [["cms.info", "k"], { width: 2000, depth: 7, count: 0 }],
  [
    ["tDigest.quantile", "k", [0, 1]],
    [double(Number.NaN), double(Number.NEGATIVE_INFINITY)],
  ],
  [["tDigest.trimmedMean", "k", 0.1, 0.9], double(2.5)],
  [["tDigest.info", "k"], { Compression: 100, Capacity: 610 }],
  [
    ["topK.add", "k", ["a", "b"]],
    [null, "old"],
  ],
  [
    ["topK.listWithCount", "k"],
    ["a", 2, "b", 1],
  ],
  [["topK.info", "k"], { k: 3, width: 8, depth: 7, decay: double(0.9) }],
  [
    ["ts.get", "k"],
    [5, double(1.5)],
  ],
  [["ts.get", "k"], []],
  [["ts.range", "k", "-", "+"], samples],
  [
    ["ts.rangeMultiAggr", "k", "-", "+", { AGGREGATION: { types: ["MIN", "MAX"], timeBucket: 10 } }],
    [[5, double(1), double(2)]],
  ],
  [["ts.nRange", ["k", "l"], "-", "+"], [[5, [double(1), double(Number.NaN)]]]],
  [
    ["vEmb", "v", "a"],
    [double(0.5), double(-1)],
  ],
  [["vGetAttr", "v", "a"], '{"year":1990}'],
  [["vGetAttr", "v", "none"], null],
  [["vInfo", "v"], { "quant-type": "int8", "vector-dim": 2 }],
  [
    ["vLinksWithScores", "v", "a"],
    [{ b: double(0.5) }, {}],
  ],
  [["vSimWithScores", "v", "a"], { a: double(1), b: double(0.5) }],
  [["arInfo", "a"], { count: 2, len: 9 }],
  [
    ["arScan", "a", 0, 9],
    [
      [0, "x"],
      [7, "y"],
    ],
  ],
  [["arGrepWithValues", "a", 0, 9, [["EXACT", "x"]]], [[0, "x"]]],
];

/** What they answer differently in RESP2 and RESP3. */
const apart: readonly (readonly [Case | ModuleCase, two: Meant, three: Meant])[] = [
  [["json.numIncrBy", "k", "$.a", 1], "[2,null]", [2, null]],
  [["json.numMultBy", "k", "$.a", 2.5], "[2.5]", [2.5]],
  [["json.type", "k"], "object", ["object"]],
  [["json.type", "k", { path: "$.a" }], ["integer"], [["integer"]]],
  [["bf.add", "k", "a"], 1, true],
  [
    ["bf.mExists", "k", ["a", "b"]],
    [1, 0],
    [true, false],
  ],
  [["cf.del", "k", "a"], 0, false],
  [["vAdd", "v", [1], "a"], 1, true],
  [["ts.mRange", "-", "+", "a=b"], [["k", [], samples]], { k: [{}, { aggregators: [] }, samples] }],
  [["ts.mRangeWithLabels", "-", "+", "a=b"], [["k", pairs, samples]], { k: [labels, {}, samples] }],
  [
    ["ts.mRevRangeSelectedLabels", "-", "+", ["area"], "a=b"],
    [["k", pairs, samples]],
    { k: [labels, {}, samples] },
  ],
  [["ts.mRangeGroupBy", "-", "+", "a=b", groupBy], [["k", [], samples]], { k: [{}, {}, {}, samples] }],
  [
    ["ts.mRangeWithLabelsGroupBy", "-", "+", "a=b", groupBy],
    [["area=north", Object.entries({ area: "north", __reducer__: "max", __source__: "k,l" }), samples]],
    { "area=north": [{ area: "north" }, { reducers: ["max"] }, { sources: ["k", "l"] }, samples] },
  ],
  [["ts.mGet", "a=b"], [["k", [], [5, double(1.5)]]], { k: [{}, [5, double(1.5)]] }],
  [["ts.mGetWithLabels", "a=b"], [["k", pairs, [5, double(1.5)]]], { k: [labels, [5, double(1.5)]] }],
  [
    ["ts.info", "k"],
    {
      totalSamples: 2,
      duplicatePolicy: null,
      labels: pairs,
      sourceKey: null,
      rules: [["l", 1000, "AVG", 0]],
      ignoreMaxValDiff: double(0.5),
    },
    {
      totalSamples: 2,
      duplicatePolicy: null,
      labels,
      sourceKey: null,
      rules: { l: [1000, "AVG", 0] },
      ignoreMaxValDiff: double(0.5),
    },
  ],
  [
    ["ts.infoDebug", "k"],
    {
      labels: [],
      rules: [],
      keySelfName: "k",
      Chunks: [{ startTimestamp: 1, endTimestamp: 2, samples: 2, size: 4096, bytesPerSample: double(2048) }],
    },
    {
      labels: {},
      rules: {},
      keySelfName: "k",
      Chunks: [{ startTimestamp: 1, endTimestamp: 2, samples: 2, size: 4096, bytesPerSample: double(2048) }],
    },
  ],
];

const replies = [...alike.map(([each, reply]) => [each, reply, reply] as const), ...apart];

describe("both protocols give the value that node-redis gives", () => {
  test.each(replies.map(([each, ...both]) => [title(each), each, ...both] as const))(
    "%s",
    (_, each, two, three) => {
      const value = ourValue(each, resp2(two), 2);
      expect(ourValue(each, resp3(three), 3)).toEqual(value);
      expect(value).toEqual(theirValue(each, resp2(two), 2));
      expect(value).toEqual(theirValue(each, withObjects(resp3(three)), 3));
    },
  );
});

test("an infinite sample stays one", () => {
  const value = [{ timestamp: 5, value: Number.NEGATIVE_INFINITY }];
  expect(ourValue(["ts.range", "k", "-", "+"], [[5, "-inf"]], 2)).toEqual(value);
});

test("the bytes of a vector stay bytes", () => {
  const raw = Buffer.from([0, 255]);
  const reply = [Buffer.from("int8"), raw, Buffer.from("2.5"), Buffer.from("0.5")];
  const value = { quantization: "int8", raw, l2Norm: 2.5, quantizationRange: 0.5 };
  expect(ourValue(["vEmbRaw", "v", "a"], reply, 2)).toEqual(value);
  expect(ourValue(["vEmbRaw", "v", "a"], [Buffer.from("int8"), raw, 2.5, 0.5], 3)).toEqual(value);
});

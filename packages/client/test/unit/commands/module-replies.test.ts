import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { type Mapping, toObject } from "../../../src/commands/decode.ts";
import { call, title } from "./cases/call.ts";
import type { Case, ModuleCase } from "./cases/case.ts";
import { theirValue } from "./node-redis.ts";

/** Names and values in either protocol: a flat list, a Map. */
type Both = readonly [resp2: unknown, resp3: unknown];

const same = (reply: unknown): Both => [reply, reply];
const pairsOf = (entries: Readonly<Record<string, unknown>>): Both => [
  Object.entries(entries).flat(),
  new Map(Object.entries(entries)),
];
const labels2 = [
  ["area", "north"],
  ["kind", null],
];
const labels3 = new Map<string, unknown>(labels2 as [string, unknown][]);
const samples: Both = [
  [
    [5, "1.5"],
    [6, "NaN"],
  ],
  [
    [5, 1.5],
    [6, Number.NaN],
  ],
];
const series = (labels: Both, ...more3: unknown[]): Both => [
  [["k", labels[0], samples[0]]],
  new Map([["k", [labels[1], ...more3, samples[1]]]]),
];

/** What servers with modules, or newer ones, answer in each protocol. Source: the documentation of each command. */
const replies: readonly (readonly [Case | ModuleCase, Both])[] = [
  [["json.get", "k"], same('{"a":[1,null]}')],
  [["json.get", "none"], same(null)],
  [["json.get", "k", { reviver: (_: string, value: unknown) => (value === 1 ? "one" : value) }], same("[1]")],
  [["json.mGet", ["k", "none"], "$"], same(['["x"]', null])],
  [["json.arrPop", "k", { path: "$" }], same(['{"a":1}', null])],
  [["json.arrPop", "k"], same("5")],
  [
    ["json.numIncrBy", "k", "$.a", 1],
    ["[2,null]", [2, null]],
  ],
  [
    ["json.numMultBy", "k", "$.a", 2.5],
    ["[2.5]", [2.5]],
  ],
  [
    ["json.type", "k"],
    ["object", ["object"]],
  ],
  [
    ["json.type", "k", { path: "$.a" }],
    [["integer"], [["integer"]]],
  ],
  [
    ["bf.add", "k", "a"],
    [1, true],
  ],
  [
    ["bf.mExists", "k", ["a", "b"]],
    [
      [1, 0],
      [true, false],
    ],
  ],
  [["bf.info", "k"], pairsOf({ Capacity: 100, Size: 290, "Number of filters": 1 })],
  [["bf.scanDump", "k", 0], same([1, Buffer.from([1, 255])])],
  [
    ["cf.del", "k", "a"],
    [0, false],
  ],
  [["cf.insertNX", "k", ["a", "b"]], same([1, -1])],
  [["cf.scanDump", "k", 1], same([0, null])],
  [["cms.info", "k"], pairsOf({ width: 2000, depth: 7, count: 0 })],
  [
    ["tDigest.quantile", "k", [0, 1]],
    [
      ["nan", "-inf"],
      [Number.NaN, Number.NEGATIVE_INFINITY],
    ],
  ],
  [
    ["tDigest.trimmedMean", "k", 0.1, 0.9],
    ["2.5", 2.5],
  ],
  [["tDigest.info", "k"], pairsOf({ Compression: 100, Capacity: 610 })],
  [["topK.add", "k", ["a", "b"]], same([null, "old"])],
  [["topK.listWithCount", "k"], same(["a", 2, "b", 1])],
  [
    ["topK.info", "k"],
    [
      ["k", 3, "width", 8, "depth", 7, "decay", "0.9"],
      new Map([...Object.entries({ k: 3, width: 8, depth: 7, decay: 0.9 })]),
    ],
  ],
  [
    ["ts.get", "k"],
    [
      [5, "1.5"],
      [5, 1.5],
    ],
  ],
  [["ts.get", "k"], same([])],
  [["ts.range", "k", "-", "+"], samples],
  [
    ["ts.rangeMultiAggr", "k", "-", "+", { AGGREGATION: { types: ["MIN", "MAX"], timeBucket: 10 } }],
    [[[5, "1", "2"]], [[5, 1, 2]]],
  ],
  [
    ["ts.nRange", ["k", "l"], "-", "+"],
    [[[5, ["1", "NaN"]]], [[5, [1, Number.NaN]]]],
  ],
  [["ts.mRange", "-", "+", "a=b"], series([[], new Map()], new Map([["aggregators", []]]))],
  [["ts.mRangeWithLabels", "-", "+", "a=b"], series([labels2, labels3], new Map())],
  [["ts.mRevRangeSelectedLabels", "-", "+", ["area"], "a=b"], series([labels2, labels3], new Map())],
  [
    ["ts.mRangeGroupBy", "-", "+", "a=b", { label: "area", REDUCE: "MAX" }],
    series([[], new Map()], new Map(), new Map()),
  ],
  [
    ["ts.mRangeWithLabelsGroupBy", "-", "+", "a=b", { label: "area", REDUCE: "MAX" }],
    [
      [
        [
          "area=north",
          [
            ["area", "north"],
            ["__reducer__", "max"],
            ["__source__", "k,l"],
          ],
          samples[0],
        ],
      ],
      new Map([
        [
          "area=north",
          [
            new Map([["area", "north"]]),
            new Map([["reducers", ["max"]]]),
            new Map([["sources", ["k", "l"]]]),
            samples[1],
          ],
        ],
      ]),
    ],
  ],
  [
    ["ts.mGet", "a=b"],
    [[["k", [], [5, "1.5"]]], new Map([["k", [new Map(), [5, 1.5]]]])],
  ],
  [
    ["ts.mGetWithLabels", "a=b"],
    [[["k", labels2, [5, "1.5"]]], new Map([["k", [labels3, [5, 1.5]]]])],
  ],
  [
    ["ts.info", "k"],
    [
      [
        ...[
          "totalSamples",
          2,
          "memoryUsage",
          4239,
          "duplicatePolicy",
          null,
          "labels",
          labels2,
          "sourceKey",
          null,
        ],
        ...["rules", [["l", 1000, "AVG", 0]], "ignoreMaxTimeDiff", 0, "ignoreMaxValDiff", "0.5"],
      ],
      new Map<string, unknown>([
        ["totalSamples", 2],
        ["memoryUsage", 4239],
        ["duplicatePolicy", null],
        ["labels", labels3],
        ["sourceKey", null],
        ["rules", new Map([["l", [1000, "AVG", 0]]])],
        ["ignoreMaxTimeDiff", 0],
        ["ignoreMaxValDiff", 0.5],
      ]),
    ],
  ],
  [
    ["ts.infoDebug", "k"],
    [
      [
        ...["labels", [], "rules", [], "keySelfName", "k", "Chunks"],
        [["startTimestamp", 1, "endTimestamp", 2, "samples", 2, "size", 4096, "bytesPerSample", "2048"]],
      ],
      new Map<string, unknown>([
        ["labels", new Map()],
        ["rules", new Map()],
        ["keySelfName", "k"],
        [
          "Chunks",
          [
            new Map(
              Object.entries({
                startTimestamp: 1,
                endTimestamp: 2,
                samples: 2,
                size: 4096,
                bytesPerSample: 2048,
              }),
            ),
          ],
        ],
      ]),
    ],
  ],
  [
    ["ft.search", "i", "*"],
    [
      [2, "doc:1", ["a", "x"], "doc:2", ["$", '{"b":[1]}']],
      new Map<string, unknown>([
        ["total_results", 2],
        [
          "results",
          [
            new Map<string, unknown>([
              ["id", "doc:1"],
              ["extra_attributes", new Map([["a", "x"]])],
              ["values", []],
            ]),
            new Map<string, unknown>([
              ["id", "doc:2"],
              ["extra_attributes", new Map([["$", '{"b":[1]}']])],
              ["values", []],
            ]),
          ],
        ],
        ["warning", []],
      ]),
    ],
  ],
  [
    ["ft.search", "i", "*", { WITHSCORES: true, EXPLAINSCORE: true, WITHPAYLOADS: true, WITHSORTKEYS: true }],
    [
      [1, "doc:1", ["0.5", ["sum", ["one", ["two", ["three"]]]]], null, "$key", ["a", "x"]],
      new Map<string, unknown>([
        ["total_results", 1],
        [
          "results",
          [
            new Map<string, unknown>([
              ["id", "doc:1"],
              ["score", [0.5, ["sum", ["one", ["two", ["three"]]]]]],
              ["payload", null],
              ["sortkey", "$key"],
              ["extra_attributes", new Map([["a", "x"]])],
            ]),
          ],
        ],
        ["warning", []],
      ]),
    ],
  ],
  [
    ["ft.searchNoContent", "i", "*"],
    [
      [2, "doc:1", "doc:2"],
      new Map<string, unknown>([
        ["total_results", 2],
        ["results", [new Map([["id", "doc:1"]]), new Map([["id", "doc:2"]])]],
        ["warning", []],
      ]),
    ],
  ],
  [
    ["ft.aggregate", "i", "*"],
    [
      [1, ["a", "x", "n", "2"]],
      new Map<string, unknown>([
        ["total_results", 1],
        [
          "results",
          [
            new Map<string, unknown>([
              [
                "extra_attributes",
                new Map([
                  ["a", "x"],
                  ["n", "2"],
                ]),
              ],
              ["values", []],
            ]),
          ],
        ],
        ["warning", []],
      ]),
    ],
  ],
  [
    ["ft.cursorRead", "i", 7],
    [
      [[1, ["a", "x"]], 9],
      [
        new Map<string, unknown>([
          ["total_results", 1],
          ["results", [new Map([["extra_attributes", new Map([["a", "x"]])]])]],
          ["warning", []],
        ]),
        9,
      ],
    ],
  ],
  [
    ["ft.spellCheck", "i", "helo"],
    [
      [
        [
          "TERM",
          "helo",
          [
            ["0.5", "hello"],
            ["0", "help"],
          ],
        ],
      ],
      new Map([["results", new Map([["helo", [new Map([["hello", 0.5]]), new Map([["help", 0]])]]])]]),
    ],
  ],
  [
    ["ft.info", "i"],
    [
      [
        ...[
          "index_name",
          "i",
          "index_options",
          [],
          "num_docs",
          2,
          "percent_indexed",
          "1",
          "inverted_sz_mb",
          "0.5",
        ],
        ...["index_definition", ["key_type", "HASH", "prefixes", ["a:"]]],
        ...["attributes", [["identifier", "a", "attribute", "a", "type", "TEXT"]]],
        ...["gc_stats", ["bytes_collected", "0", "total_ms_run", "nan"], "cursor_stats", ["global_idle", 0]],
      ],
      new Map<string, unknown>([
        ["index_name", "i"],
        ["index_options", []],
        ["num_docs", 2],
        ["percent_indexed", 1],
        ["inverted_sz_mb", 0.5],
        [
          "index_definition",
          new Map<string, unknown>([
            ["key_type", "HASH"],
            ["prefixes", ["a:"]],
          ]),
        ],
        ["attributes", [new Map(Object.entries({ identifier: "a", attribute: "a", type: "TEXT" }))]],
        [
          "gc_stats",
          new Map([
            ["bytes_collected", 0],
            ["total_ms_run", Number.NaN],
          ]),
        ],
        ["cursor_stats", new Map([["global_idle", 0]])],
      ]),
    ],
  ],
  [["ft.synDump", "i"], pairsOf({ hi: ["g1"], hello: ["g1", "g2"] })],
  [["ft.sugGet", "k", "no"], same(null)],
  [
    ["ft.sugGetWithScores", "k", "te"],
    [
      ["text", "0.5"],
      ["text", 0.5],
    ],
  ],
  [["ft.sugGetWithPayloads", "k", "te"], same(["text", "p", "test", null])],
  [
    ["ft.sugGetWithScoresWithPayloads", "k", "te"],
    [
      ["text", "0.5", null],
      ["text", 0.5, null],
    ],
  ],
  [
    ["ft.configGet", "*"],
    [
      [
        ["TIMEOUT", "500"],
        ["EXTLOAD", null],
      ],
      new Map([
        ["TIMEOUT", "500"],
        ["EXTLOAD", null],
      ]),
    ],
  ],
  [
    ["ft.hybrid", "i", { SEARCH: { query: "*" }, VSIM: { field: "@v", vector: "$v" } }],
    [
      [
        ...["total_results", 1, "results", [["__key", "doc:1", "__score", "0.5"]]],
        ...["warnings", [], "execution_time", "0.25"],
      ],
      new Map<string, unknown>([
        ["total_results", 1],
        [
          "results",
          [
            new Map([
              ["__key", "doc:1"],
              ["__score", "0.5"],
            ]),
          ],
        ],
        ["warnings", []],
        ["execution_time", 0.25],
      ]),
    ],
  ],
  [
    ["vAdd", "v", [1], "a"],
    [1, true],
  ],
  [
    ["vEmb", "v", "a"],
    [
      ["0.5", "-1"],
      [0.5, -1],
    ],
  ],
  [["vGetAttr", "v", "a"], same('{"year":1990}')],
  [["vGetAttr", "v", "none"], same(null)],
  [["vInfo", "v"], pairsOf({ "quant-type": "int8", "vector-dim": 2 })],
  [
    ["vLinksWithScores", "v", "a"],
    [
      [["b", "0.5"], []],
      [new Map([["b", 0.5]]), new Map()],
    ],
  ],
  [
    ["vSimWithScores", "v", "a"],
    [
      ["a", "1", "b", "0.5"],
      new Map([
        ["a", 1],
        ["b", 0.5],
      ]),
    ],
  ],
  [["arInfo", "a"], pairsOf({ count: 2, len: 9 })],
  [
    ["arScan", "a", 0, 9],
    same([
      [0, "x"],
      [7, "y"],
    ]),
  ],
  [["arGrepWithValues", "a", 0, 9, [["EXACT", "x"]]], same([[0, "x"]])],
];

/** What a command makes of a reply, after the decoder. */
function ourValue(each: Case | ModuleCase, reply: unknown, protocol: 2 | 3): unknown {
  const { spec, decode } = call(each);
  const shaped =
    spec.shape === "object" && (Array.isArray(reply) || reply instanceof Map)
      ? toObject(reply as Mapping)
      : reply;
  return decode === null ? shaped : decode(shaped as never, protocol);
}

/** As their decoder gives it: objects for Maps. A copy, because their readers write into what they read. */
function forThem(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(forThem);
  if (!(reply instanceof Map)) return reply;
  return Object.fromEntries([...reply].map(([key, value]) => [key, forThem(value)]));
}

describe("both protocols give the value that node-redis gives", () => {
  test.each(replies.map(([each, both]) => [title(each), each, both] as const))(
    "%s",
    (_, each, [resp2, resp3]) => {
      const value = ourValue(each, copyOf(resp2), 2);
      expect(ourValue(each, copyOf(resp3), 3)).toEqual(value);
      expect(value).toEqual(theirValue(each, forThem(resp2), 2));
      expect(value).toEqual(theirValue(each, forThem(resp3), 3));
    },
  );
});

/** A copy: readers may write into what they read. */
function copyOf(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(copyOf);
  if (!(reply instanceof Map)) return reply;
  return new Map([...reply].map(([key, value]) => [key, copyOf(value)]));
}

test("a profile comes with its results, whatever the server calls them", () => {
  const found = new Map<string, unknown>([
    ["total_results", 1],
    ["results", [new Map([["id", "doc:1"]])]],
    ["warning", []],
  ]);
  const results = { total: 1, documents: [{ id: "doc:1", value: {} }], warnings: [] };
  const profile = new Map([["Total profile time", 0.5]]);
  const each = ["ft.profileSearch", "i", "*", { RETURN: [] }] as const;
  expect(
    ourValue(
      each,
      [
        [1, "doc:1"],
        ["Total profile time", "0.5"],
      ],
      2,
    ),
  ).toEqual({
    results,
    profile: ["Total profile time", "0.5"],
  });
  const eight = new Map<string, unknown>([
    ["Results", found],
    ["Profile", profile],
  ]);
  expect(ourValue(each, eight, 3)).toEqual({ results, profile: { "Total profile time": 0.5 } });
  const seven = new Map<string, unknown>([...found, ["profile", profile]]);
  expect(ourValue(each, seven, 3)).toEqual({ results, profile: { "Total profile time": 0.5 } });
});

test("a series of infinities stays one", () => {
  const each = ["ts.range", "k", "-", "+"] as const;
  expect(ourValue(each, [[5, "-inf"]], 2)).toEqual([{ timestamp: 5, value: Number.NEGATIVE_INFINITY }]);
});

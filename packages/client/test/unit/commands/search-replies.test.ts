import { describe, expect, test } from "vitest";
import { title } from "./cases/call.ts";
import type { ModuleCase } from "./cases/case.ts";
import { theirValue } from "./node-redis.ts";
import { double, type Meant, ourValue, resp2, resp3, withObjects } from "./wire.ts";

const explanation = ["sum", ["one", ["two", ["three"]]]];
const everything = { WITHSCORES: true, EXPLAINSCORE: true, WITHPAYLOADS: true, WITHSORTKEYS: true };
const hybrid = { SEARCH: { query: "*" }, VSIM: { field: "@v", vector: "$v" } };

function rows(total: number, results: readonly Meant[]): Meant {
  return { attributes: [], total_results: total, format: "STRING", results, warning: [] };
}

/** What the server answers in RESP2 and RESP3. Source: the documentation of each command. */
const replies: readonly (readonly [ModuleCase, two: Meant, three: Meant])[] = [
  [
    ["ft.search", "i", "*"],
    [2, "doc:1", { a: "x" }, "doc:2", { $: '{"b":[1]}' }],
    rows(2, [
      { id: "doc:1", extra_attributes: { a: "x" }, values: [] },
      { id: "doc:2", extra_attributes: { $: '{"b":[1]}' }, values: [] },
    ]),
  ],
  [
    ["ft.search", "i", "*", everything],
    [1, "doc:1", [double(0.5), explanation], null, "$key", { a: "x" }],
    rows(1, [
      {
        id: "doc:1",
        score: [double(0.5), explanation],
        payload: null,
        sortkey: "$key",
        extra_attributes: { a: "x" },
      },
    ]),
  ],
  [["ft.searchNoContent", "i", "*"], [2, "doc:1", "doc:2"], rows(2, [{ id: "doc:1" }, { id: "doc:2" }])],
  [
    ["ft.aggregate", "i", "*"],
    [1, { a: "x", n: "2" }],
    rows(1, [{ extra_attributes: { a: "x", n: "2" }, values: [] }]),
  ],
  [
    ["ft.cursorRead", "i", 7],
    [[1, { a: "x" }], 9],
    [rows(1, [{ extra_attributes: { a: "x" }, values: [] }]), 9],
  ],
  [
    ["ft.spellCheck", "i", "helo"],
    [
      [
        "TERM",
        "helo",
        [
          [double(0.5), "hello"],
          [double(0), "help"],
        ],
      ],
    ],
    { results: { helo: [{ hello: double(0.5) }, { help: double(0) }] } },
  ],
  [["ft.synDump", "i"], { hi: ["g1"], hello: ["g1", "g2"] }, { hi: ["g1"], hello: ["g1", "g2"] }],
  [["ft.sugGet", "k", "no"], null, null],
  [
    ["ft.sugGetWithScores", "k", "te"],
    ["text", double(0.5)],
    ["text", double(0.5)],
  ],
  [
    ["ft.sugGetWithPayloads", "k", "te"],
    ["text", "p", "test", null],
    ["text", "p", "test", null],
  ],
  [
    ["ft.sugGetWithScoresWithPayloads", "k", "te"],
    ["text", double(0.5), null],
    ["text", double(0.5), null],
  ],
  [
    ["ft.configGet", "*"],
    [
      ["TIMEOUT", "500"],
      ["EXTLOAD", null],
    ],
    { TIMEOUT: "500", EXTLOAD: null },
  ],
  [
    ["ft.hybrid", "i", hybrid],
    {
      total_results: 1,
      results: [{ __key: "doc:1", __score: "0.5" }],
      warnings: [],
      execution_time: double(0.25),
    },
    {
      total_results: 1,
      results: [{ __key: "doc:1", __score: "0.5" }],
      warnings: [],
      execution_time: double(0.25),
    },
  ],
  [["ft.info", "i"], info(), info()],
];

function info(): Meant {
  return {
    index_name: "i",
    index_options: [],
    num_docs: 2,
    percent_indexed: double(1),
    inverted_sz_mb: double(0.5),
    index_definition: { key_type: "HASH", prefixes: ["a:"] },
    attributes: [{ identifier: "a", attribute: "a", type: "TEXT" }],
    gc_stats: { bytes_collected: double(0), total_ms_run: double(Number.NaN) },
    cursor_stats: { global_idle: 0 },
  };
}

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

test("a profile comes with its results, whatever the server calls them", () => {
  const found = { total_results: 1, results: [{ id: "doc:1" }], warning: [] };
  const profile = { "Total profile time": 0.5 };
  const results = { total: 1, documents: [{ id: "doc:1", value: {} }], warnings: [] };
  const each: ModuleCase = ["ft.profileSearch", "i", "*", { RETURN: [] }];
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
  const eight = resp3({ Results: found, Profile: profile });
  expect(ourValue(each, eight, 3)).toEqual({ results, profile });
  const seven = resp3({ ...found, profile });
  expect(ourValue(each, seven, 3)).toEqual({ results, profile });
});

test("what lies under $ and is no JSON object stays there", () => {
  const each: ModuleCase = ["ft.search", "i", "*", { RETURN: ["$"] }];
  const documents = [{ id: "doc:1", value: { $: "[1,2" } }];
  expect(ourValue(each, [1, "doc:1", ["$", "[1,2"]], 2)).toMatchObject({ documents });
});

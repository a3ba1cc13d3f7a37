import { expect, test } from "vitest";
import type { Outcome } from "../../src/drill.ts";
import type { Account } from "../../src/subject/plan.ts";
import { allowedGrowth, findings } from "../../src/verdict.ts";

const allowed = { recoverMs: 500, codes: ["CLOSED_CONNECTION"] } as const;

const well: Account = {
  ms: 1000,
  asked: 110,
  answered: 100,
  failed: { CLOSED_CONNECTION: 10 },
  pending: 0,
  settledTwice: 0,
  misdelivered: 0,
  lost: 0,
  recoverMs: 500,
  heard: [{ protocol: 3, published: 10, received: 9, wrong: 0 }],
  begin: { memory: 10_000_000, descriptors: 20 },
  end: { memory: 10_000_000 + allowedGrowth, descriptors: 20 },
};

const outcome = (account: Partial<Account>, serversMs?: number): Outcome => ({
  account: { ...well, ...account },
  ...(serversMs !== undefined && { serversMs }),
  facts: {},
});

test("what stays within all limits is passed", () => {
  expect(findings(allowed, outcome({}))).toEqual([]);
});

test("the time that the servers need is not the client's", () => {
  expect(findings(allowed, outcome({ recoverMs: 2500 }, 2000))).toEqual([]);
});

test("what a system does not tell is no finding", () => {
  const silent = { memory: 0, descriptors: null };
  expect(findings(allowed, outcome({ settledTwice: null, begin: silent, end: silent }))).toEqual([]);
});

test("writes may only be lost where the drill says so", () => {
  expect(findings({ ...allowed, lostWrites: true }, outcome({ lost: 3 }))).toEqual([]);
  expect(findings(allowed, outcome({ lost: 3 }))).toEqual([
    "3 reads did not find a write that was confirmed",
  ]);
});

test.each<[string, Partial<Account>, string]>([
  ["nothing was answered", { answered: 0 }, "nothing was answered: the drill shows nothing"],
  ["a promise is open", { pending: 1 }, "1 promises were never settled"],
  ["a promise was settled again", { settledTwice: 2 }, "2 promises were settled more than once"],
  ["a reply went astray", { misdelivered: 1 }, "1 replies went to the wrong caller"],
  ["another code", { failed: { TIMEOUT_COMMAND: 4 } }, "4 commands failed with TIMEOUT_COMMAND"],
  ["no error of ours", { failed: { "TypeError: x": 1 } }, "1 commands failed with TypeError: x"],
  ["slow", { recoverMs: 501 }, "callers were without answers for 501 ms longer than the servers, not 500"],
  [
    "memory",
    { begin: { memory: 0, descriptors: 20 } },
    `${10_000_000 + allowedGrowth} bytes of memory more than at the beginning`,
  ],
  ["descriptors", { end: { memory: 0, descriptors: 21 } }, "21 open descriptors, 20 at the beginning"],
  [
    "messages twice",
    { heard: [{ protocol: 2, published: 10, received: 11, wrong: 1 }] },
    "the RESP2 listener got 1 messages twice, late or by mistake",
  ],
  [
    "no messages",
    { heard: [{ protocol: 3, published: 10, received: 0, wrong: 0 }] },
    "the RESP3 listener heard nothing",
  ],
])("a finding: %s", (_, account, finding) => {
  expect(findings(allowed, outcome(account))).toEqual([finding]);
});

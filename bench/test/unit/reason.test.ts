import { expect, test } from "vitest";
import { whyBelow } from "../../src/reason.ts";
import { made, rowOf } from "./rows.ts";

const busy = { clientMicros: 0.5, clientCpus: 0.98, serverCpus: 0.7 };

test("a row that reaches its goals needs no reason", () => {
  expect(whyBelow(rowOf("set64", [made("redoubt", 400), made("ioredis", 100), made("raw", 500)]))).toBeNull();
  expect(whyBelow(rowOf("pool64", [made("redoubt", 1), made("redis", 100)]))).toBeNull();
});

test("a goal beyond the bare socket is called that", () => {
  const all = [made("redoubt", 280, busy), made("ioredis", 100, { clientMicros: 2 }), made("raw", 300)];
  const why = whyBelow(rowOf("set64", all));
  expect(why).toContain("the bare socket makes 3.00 times the best peer: the goal of 3.2 is beyond it here");
  expect(why).toContain("our process was busy all the time (client 98 % of a core, server 70 %)");
  expect(why).toContain("CPU per command 0.50 µs, ioredis 2.00");
});

test("who waits, rounds that differ and others on the machine are told", () => {
  const ours = made("redoubt", 200, {
    ...busy,
    clientCpus: 0.6,
    serverCpus: 0.5,
    otherCpus: 0.8,
    spread: 0.3,
  });
  const why = whyBelow(rowOf("set64", [ours, made("ioredis", 100), made("raw", 500)]));
  expect(why).toContain("the bare socket makes 5.00 times the best peer;");
  expect(why).toContain("nobody was busy all the time");
  expect(why).toContain("lie 30 % apart");
  expect(why).toContain("others used up to 0.8 CPUs");
});

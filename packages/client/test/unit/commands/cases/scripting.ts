import type { Case } from "./case.ts";

const library =
  "#!lua name=lib\nredis.register_function{function_name='f', callback=function(k, a) return {k[1], a[1]} end}";
const sha1 = "0123456789012345678901234567890123456789";

export const scriptingCases: readonly Case[] = [
  ["eval", "return 1"],
  ["eval", "return {KEYS[1], ARGV[1], 3.7, false, {1}}", { keys: ["k"], arguments: ["v"] }],
  ["eval", "return {KEYS[1]}", { keys: ["k"] }],
  ["eval", "return ARGV", { arguments: ["a", "b"] }],
  ["eval", "return redis.status_reply('FINE')"],
  ["eval", "return nil"],
  ["eval", "return no_such_thing"],
  ["evalRo", "return redis.call('GET', KEYS[1])", { keys: ["s1"] }],
  ["evalRo", "return redis.call('DEL', KEYS[1])", { keys: ["s1"] }],
  ["evalSha", sha1],
  ["evalSha", sha1, { keys: ["k"], arguments: ["a"] }],
  ["evalShaRo", sha1, { keys: ["k"] }],
  ["fCall", "echo", { keys: ["k"], arguments: ["a"] }],
  ["fCall", "nosuch"],
  ["fCallRo", "echo", { keys: ["k"], arguments: ["a"] }],
  ["functionDelete", "loaded"],
  ["functionDelete", "nosuch"],
  ["functionDump"],
  ["functionFlush"],
  ["functionFlush", "SYNC"],
  ["functionKill"],
  ["functionList"],
  ["functionList", { LIBRARYNAME: "no*" }],
  ["functionListWithCode", { LIBRARYNAME: "loa*" }],
  ["functionLoad", library],
  ["functionLoad", library, { REPLACE: true }],
  ["functionRestore", "bad"],
  ["functionRestore", "bad", { mode: "REPLACE" }],
  ["functionStats"],
  ["scriptDebug", "NO"],
  ["scriptExists", sha1],
  ["scriptExists", [sha1, sha1]],
  ["scriptFlush"],
  ["scriptFlush", "ASYNC"],
  ["scriptKill"],
  ["scriptLoad", "return 1"],
];

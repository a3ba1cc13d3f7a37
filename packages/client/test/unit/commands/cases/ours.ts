import type { Case, ModuleCase } from "./case.ts";

/** Calls that node-redis 6 does not have as methods, with what they must send. */
export const ourCases: readonly { readonly call: Case | ModuleCase; readonly sends: readonly string[] }[] = [
  { call: ["clientKill", "SKIPME"], sends: ["CLIENT", "KILL", "SKIPME", "yes"] },
  { call: ["clientSetInfo", "LIB-NAME", "redoubt"], sends: ["CLIENT", "SETINFO", "LIB-NAME", "redoubt"] },
  { call: ["clientCapa", "redirect"], sends: ["CLIENT", "CAPA", "redirect"] },
  { call: ["clientImportSource", true], sends: ["CLIENT", "IMPORT-SOURCE", "ON"] },
  { call: ["commandlogGet", 5, "large-reply"], sends: ["COMMANDLOG", "GET", "5", "large-reply"] },
  { call: ["commandlogLen", "slow"], sends: ["COMMANDLOG", "LEN", "slow"] },
  { call: ["commandlogReset", "large-request"], sends: ["COMMANDLOG", "RESET", "large-request"] },
  { call: ["json.numPowBy", "k", "$.a", 2], sends: ["JSON.NUMPOWBY", "k", "$.a", "2"] },
  { call: ["scriptShow", "0123"], sends: ["SCRIPT", "SHOW", "0123"] },
  { call: ["waitAof", 1, 0, 10], sends: ["WAITAOF", "1", "0", "10"] },
  { call: ["clusterShards"], sends: ["CLUSTER", "SHARDS"] },
  {
    call: ["clusterSlotStats", { start: 0, end: 9 }],
    sends: ["CLUSTER", "SLOT-STATS", "SLOTSRANGE", "0", "9"],
  },
  {
    call: ["clusterSlotStats", { ORDERBY: "KEY-COUNT", LIMIT: 3, DIRECTION: "DESC" }],
    sends: ["CLUSTER", "SLOT-STATS", "ORDERBY", "KEY-COUNT", "LIMIT", "3", "DESC"],
  },
  { call: ["failover"], sends: ["FAILOVER"] },
  {
    call: ["failover", { TO: { host: "a", port: 1, FORCE: true }, TIMEOUT: 5 }],
    sends: ["FAILOVER", "TO", "a", "1", "FORCE", "TIMEOUT", "5"],
  },
  { call: ["failover", { ABORT: true }], sends: ["FAILOVER", "ABORT"] },
  { call: ["hello", 3], sends: ["HELLO", "3"] },
  {
    call: ["hello", 2, { AUTH: { username: "u", password: "p" }, SETNAME: "n" }],
    sends: ["HELLO", "2", "AUTH", "u", "p", "SETNAME", "n"],
  },
  { call: ["hSet", "h1", new Map([["a", 1]])], sends: ["HSET", "h1", "a", "1"] },
  { call: ["lolwut"], sends: ["LOLWUT"] },
  { call: ["lolwut", 5, 1, 2], sends: ["LOLWUT", "VERSION", "5", "1", "2"] },
  { call: ["moduleLoadEx", "/m.so"], sends: ["MODULE", "LOADEX", "/m.so"] },
  {
    call: ["moduleLoadEx", "/m.so", { CONFIG: { a: "1", b: 2 }, ARGS: ["x"] }],
    sends: ["MODULE", "LOADEX", "/m.so", "CONFIG", "a", "1", "CONFIG", "b", "2", "ARGS", "x"],
  },
  { call: ["mSet", new Map([["a", 1]])], sends: ["MSET", "a", "1"] },
  { call: ["save"], sends: ["SAVE"] },
  { call: ["select", 2], sends: ["SELECT", "2"] },
  { call: ["shutdown"], sends: ["SHUTDOWN"] },
  {
    call: ["shutdown", { mode: "NOSAVE", NOW: true, FORCE: true }],
    sends: ["SHUTDOWN", "NOSAVE", "NOW", "FORCE"],
  },
  { call: ["shutdown", { ABORT: true }], sends: ["SHUTDOWN", "ABORT"] },
  { call: ["slowlogGet"], sends: ["SLOWLOG", "GET"] },
  { call: ["slowlogGet", 2], sends: ["SLOWLOG", "GET", "2"] },
  { call: ["slowlogLen"], sends: ["SLOWLOG", "LEN"] },
  { call: ["slowlogReset"], sends: ["SLOWLOG", "RESET"] },
  { call: ["vIsMember", "v1", "a"], sends: ["VISMEMBER", "v1", "a"] },
];

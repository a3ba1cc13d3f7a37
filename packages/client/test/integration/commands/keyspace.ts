import { setTimeout } from "node:timers/promises";
import type { Client } from "../../../src/client/client.ts";
import * as commands from "../../../src/commands/index.ts";

const library =
  "#!lua name=loaded\nredis.register_function{function_name='echo', callback=function(keys, args) return {keys[1], args[1]} end, flags={'no-writes'}, description='answers'}";

/** Empties the server and makes the keys that the cases speak of. */
export async function fill(client: Client): Promise<void> {
  await Promise.all(
    [
      commands.select(0),
      commands.flushAll("SYNC"),
      commands.functionFlush("SYNC"),
      commands.functionLoad(library),
      commands.aclSetUser("reader", ["reset", "on", "nopass", "~s*", "+@read", "(+get ~x*)"]),
      commands.configSet({ maxmemory: "0", "latency-monitor-threshold": "0" }),
      commands.latencyReset(),
      commands.aclLogReset(),
      commands.set("s1", "ohmytext"),
      commands.set("s2", "mynewtext"),
      commands.set("n1", "10"),
      commands.set("f1", "10.5"),
      commands.set("expiring", "v", { PXAT: 4_102_444_800_000 }),
      commands.hSet("h1", { a: "1", b: "2", c: "3.5" }),
      commands.hSet("hone", { only: "1" }),
      commands.rPush("l1", ["a", "b", "c", "b"]),
      commands.rPush("l2", "x"),
      commands.rPush("ln", ["3", "1", "2"]),
      commands.sAdd("set1", ["a", "b", "c"]),
      commands.sAdd("set2", ["b", "c", "d"]),
      commands.sAdd("setone", "only"),
      commands.zAdd("z1", [
        { value: "a", score: 1 },
        { value: "b", score: 2 },
        { value: "c", score: 3 },
      ]),
      commands.zAdd("z2", [
        { value: "b", score: 0.1 },
        { value: "c", score: Number.POSITIVE_INFINITY },
      ]),
      commands.zAdd("zone", { value: "only", score: 1.5 }),
      commands.zAdd(
        "zlex",
        ["a", "b", "c", "d"].map((value) => ({ value, score: 0 })),
      ),
      commands.pfAdd("p1", ["a", "b", "c"]),
      commands.pfAdd("p2", ["c", "d"]),
      commands.geoAdd("g1", [
        { longitude: 13.361389, latitude: 38.115556, member: "Palermo" },
        { longitude: 15.087269, latitude: 37.502669, member: "Catania" },
      ]),
      commands.xAdd("x1", "1-1", { a: "1", b: "2" }),
      commands.xAdd("x1", "2-1", { a: "3" }),
      commands.xAdd("x1", "3-1", { a: "4" }),
      commands.xAdd("x2", "1-1", { a: "1" }),
      commands.xGroupCreate("x1", "readers", "0"),
      commands.xGroupCreate("x1", "STREAMS", "0"),
      commands.xGroupCreate("x1", "idle", "$"),
      commands.xGroupCreate("x2", "readers", "0"),
      commands.xGroupCreate("x3", "readers", "0", { MKSTREAM: true }),
      commands.xReadGroup("readers", "one", { key: "x1", id: ">" }, { COUNT: 2 }),
      commands.xReadGroup("readers", "one", { key: "x2", id: ">" }),
      // Given to a consumer, and gone.
      commands.xDel("x2", "1-1"),
    ].map((each) => client.execute<unknown>(each)),
  );
  // Something for ACL LOG.
  await client.auth({ username: "nobody", password: "wrong" }).catch(() => {});
}

/** Waits until nothing is being saved or rewritten in the background. */
export async function settle(client: Client): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (/(bgsave|aof_rewrite)_in_progress:1/.test(await client.info("persistence"))) {
    if (Date.now() > deadline) throw new Error("the server does not finish saving");
    await setTimeout(10);
  }
}

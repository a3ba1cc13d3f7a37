import { ok } from "node:assert/strict";
import { startCluster } from "@redoubt/server";
import type { Drill } from "../drill.ts";
import { moveSlots, slotsWithKeys } from "../stage/migration.ts";
import { Subject } from "../stage/subject.ts";

export const slotMigration: Drill = {
  name: "slot-migration",
  title: "Slots that move under load",
  what: "Three primaries with TLS. Every slot of the first one that has keys moves to the second and back, key by key, while the workers read and write these very keys. Nobody should notice anything.",
  allowed: { recoverMs: 1000, codes: [] },
  async run() {
    await using cluster = await startCluster({ primaries: 3 });
    const [first, second] = cluster.primaries;
    if (first === undefined || second === undefined) throw new Error("the cluster has no two primaries");
    await using subject = await Subject.open({ kind: "cluster", url: cluster.uri, clients: 2 });
    await subject.load();
    const slots = await slotsWithKeys(first);
    const keys = (await moveSlots(slots, first, second)) + (await moveSlots(slots, second, first));
    await subject.flows();
    const account = await subject.finish();
    ok(keys > 0, "no key was moved");
    return { account, facts: { "slots moved there and back": slots.length, "keys moved": keys } };
  },
};

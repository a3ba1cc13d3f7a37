import type { BenchClient } from "../clients/contender.ts";
import { measureConnects } from "../probes/connects.ts";
import { measureGarbage, measureIdle } from "../probes/memory.ts";
import type { RawLoad } from "../probes/raw.ts";
import { measureRawConnects } from "../probes/raw-connects.ts";
import { measureRawStall, measureStall } from "../probes/stall.ts";
import { hundredKeys, keys, largeBytes, largeValue, smallValue } from "./dataset.ts";
import { largeShapes } from "./large.ts";
import { load } from "./load.ts";
import { severalShapes } from "./several.ts";
import type { Shape } from "./shape.ts";
import { inFlight, ofLength, oneByOne, thousands } from "./workload.ts";

const key = keys[0] as string;
const get: RawLoad = { words: ["GET", key], window: 1 };
const set: RawLoad = { words: ["SET", key, smallValue], window: 1 };

const getSmall = (client: BenchClient, of: string): Promise<unknown> => client.get(of);
const setSmall = (client: BenchClient, of: string): Promise<unknown> => client.set(of, smallValue);

const noGoal = { tls: {}, tcp: {} };

/** Everything that is measured, by the name that the command line knows. The goals are those of the project. */
export const shapes: Readonly<Record<string, Shape>> = {
  get64: load({
    title: "GET, 64 in flight",
    workload: inFlight(64, getSmall),
    raw: { ...get, window: 64 },
    goal: { peer: 2.8, raw: 0.7, tcp: 1.8 },
  }),
  set64: load({
    title: "SET, 64 in flight",
    workload: inFlight(64, setSmall),
    raw: { ...set, window: 64 },
    goal: { peer: 3.2, raw: 0.7, tcp: 1.8 },
  }),
  get512: load({
    title: "GET, 512 in flight",
    workload: inFlight(512, getSmall),
    raw: { ...get, window: 512 },
    goal: { peer: 4.5, raw: 0.8, tcp: 5.1 },
  }),
  set512: load({
    title: "SET, 512 in flight",
    workload: inFlight(512, setSmall),
    raw: { ...set, window: 512 },
    goal: { peer: 3.6, raw: 0.8, tcp: 3.5 },
  }),
  batch1000: load({
    title: "Promise.all of 1,000 GET",
    workload: thousands((client) => Promise.all(keys.map((each) => client.get(each)))),
    raw: { ...get, window: 1000 },
    goal: { peer: 3.5 },
  }),
  pipe1000: load({
    title: "explicit pipeline of 1,000 GET",
    workload: thousands((client) => client.pipeline?.(keys) ?? Promise.resolve()),
    raw: { ...get, window: 1000 },
    goal: { peer: 3, raw: 0.8, tcp: 3.2 },
    can: (client) => client.pipeline !== null,
  }),
  multi1000: load({
    title: "MULTI of 1,000 GET",
    workload: thousands((client) => client.transaction?.(keys) ?? Promise.resolve()),
    raw: { ...get, window: 1000 },
    goal: { peer: 2.7, tcp: 3 },
    can: (client) => client.transaction !== null,
  }),
  hgetall50: load({
    title: "HGETALL of 50 fields, 16 in flight",
    workload: inFlight(16, (client) => client.hGetAll("hash50")),
    raw: { words: ["HGETALL", "hash50"], window: 16 },
    goal: { peer: 2.3, raw: 0.5, tcp: 1.6 },
  }),
  mget100: load({
    title: "MGET of 100 keys, 16 in flight",
    workload: inFlight(16, (client) => client.mGet(hundredKeys)),
    raw: { words: ["MGET", ...hundredKeys], window: 16 },
    goal: { peer: 2, raw: 0.85, tcp: 2.1 },
  }),
  lrange500: load({
    title: "LRANGE of 500 items, 16 in flight",
    workload: inFlight(16, (client) => client.lRange("list500", 0, -1)),
    raw: { words: ["LRANGE", "list500", "0", "-1"], window: 16 },
    goal: { peer: 2.3, raw: 0.5, tcp: 3.9 },
  }),
  get64k: load({
    title: "GET of 64 KiB as string, 16 in flight",
    workload: inFlight(16, (client) => ofLength(largeValue.length, client.get("large"))),
    raw: { words: ["GET", "large"], window: 16 },
    goal: { peer: 1.4, raw: 0.7, tcp: 1.5 },
  }),
  get64kbuf: load({
    title: "GET of 64 KiB as Buffer, 16 in flight",
    workload: inFlight(16, (client) => ofLength(largeBytes.length, client.getBuffer("large"))),
    raw: { words: ["GET", "large"], window: 16 },
    goal: { peer: 1.3, raw: 0.7, tcp: 0.98 },
  }),
  get64kbufheld: {
    ...load({
      title: "GET of 64 KiB as Buffer, beside 32 MiB of other data",
      workload: inFlight(16, (client) => ofLength(largeBytes.length, client.getBuffer("large"))),
      raw: { words: ["GET", "large"], window: 16 },
    }),
    holdsData: true,
  },
  set64k: load({
    title: "SET of 64 KiB as string, 16 in flight",
    workload: inFlight(16, (client) => client.set("written", largeValue)),
    raw: { words: ["SET", "written", largeBytes], window: 16 },
    goal: { peer: 1.2, tcp: 1.6 },
  }),
  set64kbuf: load({
    title: "SET of 64 KiB as Buffer, 16 in flight",
    workload: inFlight(16, (client) => client.setBuffer("written", largeBytes)),
    raw: { words: ["SET", "written", largeBytes], window: 16 },
    goal: { peer: 1.35, tcp: 1.7 },
  }),
  seq: load({
    title: "one at a time, SET and GET",
    workload: oneByOne(setSmall, getSmall),
    raw: get,
    goal: { peer: 1.1, tcp: 1.1 },
  }),
  connect: {
    title: "connects with AUTH, one after the other",
    unit: "ops/s",
    better: "more",
    goal: { tls: { peer: 1.2 }, tcp: { peer: 3.1 } },
    measure: measureConnects,
    measureRaw: measureRawConnects,
  },
  idle: {
    title: "memory of an idle connection",
    unit: "KiB",
    better: "less",
    goal: { tls: { peer: 1 }, tcp: { peer: 1 } },
    measure: measureIdle,
  },
  garbage: {
    title: "heap allocated by 1,000,000 GET",
    unit: "MiB",
    better: "less",
    goal: { tls: { peer: 1 }, tcp: { peer: 1 } },
    measure: measureGarbage,
  },
  stallbuf: {
    title: "longest wait elsewhere during a reply of 100 MiB, Buffer",
    unit: "ms",
    better: "less",
    goal: noGoal,
    measure: (contender, task) => measureStall((client) => client.getBuffer("huge"), contender, task),
    measureRaw: measureRawStall,
  },
  stall: {
    title: "longest wait elsewhere during a reply of 100 MiB, string",
    unit: "ms",
    better: "less",
    goal: noGoal,
    measure: (contender, task) => measureStall((client) => client.get("huge"), contender, task),
    measureRaw: measureRawStall,
  },
  ...severalShapes,
  ...largeShapes,
};

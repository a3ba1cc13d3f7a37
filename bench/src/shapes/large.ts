import { measureRaw, type RawLoad } from "../probes/raw.ts";
import { measureRawResident, measureResident } from "../probes/resident.ts";
import { giantLength } from "./dataset.ts";
import { load } from "./load.ts";
import type { Shape } from "./shape.ts";
import { largeInFlight, ofLength } from "./workload.ts";

/** So many values of 16 MiB are in flight. */
const window = 2;

/** Made only in the processes that send them. */
const giant = (): { text: string; bytes: Buffer } => {
  const bytes = Buffer.alloc(giantLength, "x");
  return (made ??= { bytes, text: bytes.toString("latin1") });
};
let made: { text: string; bytes: Buffer } | undefined;

const get: RawLoad = { words: ["GET", "giant"], window };
const set = (): RawLoad => ({ words: ["SET", "written", giant().bytes], window });

/** Values of 16 MiB, a few in flight, and the memory that they take while they pass. */
export const largeShapes: Readonly<Record<string, Shape>> = {
  get16m: {
    ...load({
      title: "GET of 16 MiB as string, 2 in flight",
      workload: largeInFlight(window, (client) => ofLength(giantLength, client.get("giant"))),
      raw: get,
    }),
    slow: true,
  },
  get16mbuf: {
    ...load({
      title: "GET of 16 MiB as Buffer, 2 in flight",
      workload: largeInFlight(window, (client) => ofLength(giantLength, client.getBuffer("giant"))),
      raw: get,
    }),
    slow: true,
  },
  set16m: {
    ...load({
      title: "SET of 16 MiB as string, 2 in flight",
      workload: largeInFlight(window, (client) => client.set("written", giant().text)),
      raw: (task) => measureRaw(set(), task),
    }),
    slow: true,
  },
  set16mbuf: {
    ...load({
      title: "SET of 16 MiB as Buffer, 2 in flight",
      workload: largeInFlight(window, (client) => client.setBuffer("written", giant().bytes)),
      raw: (task) => measureRaw(set(), task),
    }),
    slow: true,
  },
  resident16m: {
    title: "largest resident memory while values of 16 MiB pass, Buffer",
    unit: "MiB",
    better: "less",
    goal: { tls: {}, tcp: {} },
    slow: true,
    once: true,
    measure: measureResident,
    measureRaw: measureRawResident,
  },
};

import { existsSync, readdirSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import type { Resources } from "./plan.ts";

/** Where a system lists the open files of the process that asks. */
const folders = ["/proc/self/fd", "/dev/fd"];

/** Collects garbage and looks what is left. The process must have been started with `--expose-gc`. */
export async function measureResources(): Promise<Resources> {
  // What a first collection finds may keep other things until it is finalised.
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await turn();
  }
  const { heapUsed, external } = process.memoryUsage();
  const folder = folders.find(existsSync);
  return {
    memory: heapUsed + external,
    // The folder itself is open while it is read, every time.
    descriptors: folder === undefined ? null : readdirSync(folder).length,
  };
}

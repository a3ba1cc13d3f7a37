import { spawnSync } from "node:child_process";
import { watchAllocations } from "../probes/memory.ts";
import { loops, startLoop } from "./loops.ts";

/**
 * Runs one loop in this process. Arguments: loop, folder `dist` of the client, and what to count: `instructions`, then this
 * process runs under callgrind, which prints the figure; or `bytes` put on the heap, which are printed here.
 */
const [name = "", dist = "", what = ""] = process.argv.slice(2);
const loop = loops[name];
if (loop === undefined) throw new Error(`there is no loop ${name}`);
const run = await startLoop(loop, dist);

/** Start and compilation are no part of the figure. */
function count(state: "on" | "off"): void {
  const { status, stderr } = spawnSync("callgrind_control", ["-i", state, String(process.pid)], {
    encoding: "utf8",
    timeout: 20_000,
  });
  if (status !== 0) throw new Error(`callgrind_control: ${stderr}`);
}

// Without a full collection behind it: that would throw compiled code away.
await run(loop.warmUp);
if (what === "instructions") {
  count("on");
  await run(loop.count);
  count("off");
} else {
  const allocated = watchAllocations();
  await run(loop.count);
  console.log(allocated() / loop.count);
}
process.exit(0);

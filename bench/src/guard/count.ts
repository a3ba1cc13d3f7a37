import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

const worker = fileURLToPath(new URL("loop-worker.js", import.meta.url));

/** One thread and no clock or chance in compiler and collector: the same program does the same twice. */
const repeatable = ["--predictable", "--single-threaded", "--hash-seed=1", "--random-seed=1"];

/** Longest that one loop may take, ms: under callgrind everything is 20 to 50 times slower. */
const limit = 180_000;

/** What a command costs, in numbers that the load of the machine does not change. */
export interface Cost {
  /** Of the processor, per command, the promise included; null without valgrind. */
  readonly instructions: number | null;
  /** Put on V8's heap, per command. */
  readonly bytes: number;
}

/** Whether instructions can be counted here. */
export async function hasCallgrind(): Promise<boolean> {
  return run("callgrind_control", ["--version"], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

/**
 * Counts what one command of a loop costs.
 *
 * @param dist folder `dist` of the client
 * @param callgrind see {@link hasCallgrind}
 * @param commands how many the loop counts
 */
export async function countCost(
  loop: string,
  dist: string,
  callgrind: boolean,
  commands: number,
): Promise<Cost> {
  const { stdout } = await run(process.execPath, [...repeatable, worker, loop, dist, "bytes"], {
    timeout: limit,
  });
  const bytes = Number(stdout);
  // A promise alone is more than that.
  if (!(bytes > 40))
    throw new Error(`the loop ${loop} put ${stdout.trim() || "nothing"} on the heap: it did not run`);
  if (!callgrind) return { instructions: null, bytes };
  const { stderr } = await run(
    "valgrind",
    [
      "--tool=callgrind",
      "--instr-atstart=no",
      "--callgrind-out-file=/dev/null",
      // V8 writes its code while it runs.
      "--smc-check=all-non-file",
      process.execPath,
      ...repeatable,
      worker,
      loop,
      dist,
      "instructions",
    ],
    { timeout: limit, maxBuffer: 16 * 1024 * 1024 },
  );
  const refs = /I\s+refs:\s+([\d,]+)/.exec(stderr)?.[1];
  if (refs === undefined) throw new Error(`callgrind counted nothing:\n${stderr.slice(-400)}`);
  return { instructions: Number(refs.replaceAll(",", "")) / commands, bytes };
}

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import { type ProcessId, stillRuns } from "./process.ts";
import { labFolder, ownProcess } from "./state.ts";

/**
 * Does something to a laboratory while nobody else does.
 *
 * @throws RedoubtError `LAB_BUSY` when somebody else is at it
 */
export async function alone<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  const file = join(labFolder(name), "lock");
  take(file, name);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string, name: string): void {
  const words = JSON.stringify(ownProcess());
  for (const isLast of [false, true]) {
    try {
      writeFileSync(file, words, { flag: "wx", mode: 0o600 });
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
      const holder = holderOf(file);
      if (isLast || (holder !== null && stillRuns(holder)))
        throw new RedoubtError(
          "LAB_BUSY",
          `The laboratory ${name} is being changed${holder === null ? "" : ` by process ${holder.pid}`}.`,
        );
      // Its holder was killed.
      rmSync(file, { force: true });
    }
  }
}

function holderOf(file: string): ProcessId | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ProcessId;
  } catch {
    return null;
  }
}

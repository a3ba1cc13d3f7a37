import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere, stillRuns } from "@redoubt/services/machine";
import { appsFolder } from "../places.ts";
import { RemoteApp } from "./remote-app.ts";
import type { AppFacts } from "./wire.ts";

/** What an app that runs has written down about itself. */
export interface RunningRecord extends AppFacts {
  readonly format: 1;
  /** Tells the process from a later one with the same number. */
  readonly process: string;
  /** Path of its socket. */
  readonly socket: string;
}

/** An app that runs now. */
export interface RunningEntry extends AppFacts {
  /** To look at it and tell it what to do. */
  readonly app: RemoteApp;
}

/**
 * The apps of this user that run now, the latest first.
 * @param home folder with all of Redoubt's state
 */
export async function runningApps(home: string): Promise<RunningEntry[]> {
  const folder = appsFolder(home);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const found = await Promise.all(names.map((name) => read(join(folder, name, "running.json"))));
  return found
    .filter((entry) => entry !== null)
    .sort((one, other) => other.startedAt.localeCompare(one.startedAt));
}

async function read(path: string): Promise<RunningEntry | null> {
  const record = parse(await readIfThere(path).catch(() => null));
  if (record === null || !(await stillRuns(record.pid, record.process))) return null;
  const { identity, file, pid, startedAt, socket } = record;
  return { identity, file, pid, startedAt, app: new RemoteApp(socket) };
}

function parse(text: string | null): RunningRecord | null {
  try {
    const record = JSON.parse(text ?? "null") as RunningRecord | null;
    return record?.format === 1 ? record : null;
  } catch {
    // Cut short by a crash: that app does not run.
    return null;
  }
}

import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { RedoubtError } from "@redoubt/client";
import type { ControlConnection } from "@redoubt/server";
import type { NodeHandle } from "../contract/node-handle.ts";

/** How long a snapshot may take, and who may end the wait. */
export interface SnapshotOptions {
  /** Milliseconds. Default 600 000. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Time between two looks whether it is done, ms. */
const interval = 50;

/**
 * Has a node write a snapshot of what it holds now, in a child process while it goes on serving, and resolves when it is whole and on
 * disk.
 * @returns path of the file, which the server never changes: the next snapshot takes its name, not its place
 * @throws RedoubtError `SERVICE_FAILED` when the server could not write it, or not in time
 */
export async function takeSnapshot(
  node: Pick<NodeHandle, "name" | "dataFolder" | "control">,
  { timeout = 600_000, signal }: SnapshotOptions = {},
): Promise<string> {
  const deadline = performance.now() + timeout;
  const late = (): void => {
    signal?.throwIfAborted();
    if (performance.now() > deadline)
      throw new RedoubtError("SERVICE_FAILED", `${node.name} wrote no snapshot within ${timeout} ms`);
  };
  using control = await node.control();
  const before = await persistence(control);
  // What is being saved already was begun before now, and may lack the newest writes.
  while (!(await begun(control))) {
    late();
    await delay(interval, undefined, { signal });
  }
  for (;;) {
    const now = await persistence(control);
    if (now.saves > before.saves && !now.busy) {
      if (now.ok) return join(node.dataFolder, "dump.rdb");
      throw new RedoubtError("SERVICE_FAILED", `${node.name} could not write a snapshot`, {
        hint: "Look at the logs of the service, and whether the disk is full.",
      });
    }
    late();
    await delay(interval, undefined, { signal });
  }
}

/** How a node stands with saving: writes since its last snapshot, and when that was, s since 1970. */
export async function persistenceOf(
  node: Pick<NodeHandle, "control">,
): Promise<{ readonly changes: number; readonly lastSave: number }> {
  using control = await node.control();
  return await persistence(control);
}

/** @returns false when another snapshot is under way */
async function begun(control: ControlConnection): Promise<boolean> {
  try {
    // Behind a rewrite of the append-only file it waits its turn.
    await control.call("BGSAVE", "SCHEDULE");
    return true;
  } catch (error) {
    if (/already in progress/i.test((error as Error).message)) return false;
    throw error;
  }
}

async function persistence(
  control: ControlConnection,
): Promise<{ saves: number; busy: boolean; ok: boolean; changes: number; lastSave: number }> {
  const text = String(await control.call("INFO", "persistence"));
  const field = (name: string): string => new RegExp(`^${name}:(.*)\r$`, "m").exec(text)?.[1] ?? "";
  return {
    // Counts snapshots that were begun (Redis 7, Valkey).
    saves: Number(field("rdb_saves")),
    busy: field("rdb_bgsave_in_progress") === "1",
    ok: field("rdb_last_bgsave_status") === "ok",
    changes: Number(field("rdb_changes_since_last_save")),
    lastSave: Number(field("rdb_last_save_time")),
  };
}

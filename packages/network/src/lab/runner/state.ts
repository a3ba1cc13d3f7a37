import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import type { Breakage } from "../causes.ts";
import type { LabPlan } from "../plan.ts";
import { type ProcessId, processId, stillRuns } from "./process.ts";

/** Folder of all laboratories: like namespaces, what is below `/run` does not outlive a restart of the machine. */
export const labsFolder = "/run/redoubt-lab";

/** What every namespace of every laboratory is called, before its id. */
export const namespacePrefix = "redoubt-lab-";

/** A program that was started in a namespace. */
export interface LabProcess extends ProcessId {
  /** `dns`, `internet`, or the name of a server: `shard-0`. */
  readonly name: string;
  readonly machine: string;
}

/** All that is kept of a laboratory. It is written before anything is made, so that whoever comes later can remove it. */
export interface LabState {
  readonly version: 1;
  /** Eight hexadecimal digits, in the names of its namespaces. */
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly created: string;
  /** `false` while it is made or removed. */
  readonly complete: boolean;
  /** Who is making or changing it. */
  readonly owner: ProcessId;
  readonly plan: LabPlan;
  readonly breakages: readonly Breakage[];
  readonly processes: readonly LabProcess[];
  /** Of the user `default` of every cache. */
  readonly password: string;
}

/** The folder of one laboratory. */
export function labFolder(name: string): string {
  return join(labsFolder, name);
}

/** The namespace of a machine. */
export function namespaceOf(id: string, machine: string): string {
  return `${namespacePrefix}${id}-${machine}`;
}

/**
 * Checks the name of a laboratory.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE`
 */
export function requireLabName(name: string): void {
  if (/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) return;
  throw new RedoubtError(
    "CONFIG_INVALID_VALUE",
    "--name takes up to 32 lower-case letters, digits and hyphens, with a letter or digit at both ends.",
  );
}

/** Writes what is known, whole or not at all; 0600 in a folder of 0700. */
export function writeState(state: LabState): void {
  const folder = labFolder(state.name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "lab.json");
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(state, mapsAsEntries), { mode: 0o600 });
  renameSync(draft, path);
}

/** @returns `null` where there is none of that name, or its file cannot be read */
export function readState(name: string): LabState | null {
  try {
    const state = JSON.parse(
      readFileSync(join(labFolder(name), "lab.json"), "utf8"),
      entriesAsMaps,
    ) as LabState;
    return state.version === 1 ? state : null;
  } catch {
    return null;
  }
}

/** Names of all laboratories, sound or not. */
export function labNames(): string[] {
  try {
    return readdirSync(labsFolder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .toSorted();
  } catch {
    return [];
  }
}

/** Forgets a laboratory: its folder with keys, passwords and logs. */
export function removeState(name: string): void {
  rmSync(labFolder(name), { recursive: true, force: true });
  try {
    rmdirSync(labsFolder);
  } catch {
    // Others are there.
  }
}

/** This very process. */
export function ownProcess(): ProcessId {
  return processId(process.pid) ?? { pid: process.pid, started: "" };
}

/** Whether it was left behind half made: its maker is gone. */
export function isAbandoned({ complete, owner }: LabState): boolean {
  return !complete && !stillRuns(owner);
}

function mapsAsEntries(_: string, value: unknown): unknown {
  return value instanceof Map ? { entries: [...(value as Map<string, unknown>)] } : value;
}

function entriesAsMaps(key: string, value: unknown): unknown {
  if (key !== "serviceTags" || typeof value !== "object" || value === null || !("entries" in value))
    return value;
  return new Map(value.entries as [string, string[]][]);
}

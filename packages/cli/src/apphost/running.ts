import { dirname, resolve, sep } from "node:path";
import type { RunningEntry } from "@redoubt/apphost";
import { RedoubtError } from "@redoubt/client";
import type { Command } from "commander";
import type { Invocation } from "../invocation.ts";

/** What `@redoubt/apphost` exports. */
export type AppHostFace = typeof import("@redoubt/apphost");

/** Loads the app model only when a command needs it: others shall start as fast without. */
export function loadAppHost(): Promise<AppHostFace> {
  return import("@redoubt/apphost");
}

/** The flag by which one of several running apps is chosen. */
export interface AppFlag {
  readonly app?: string;
}

/** Adds `--app`. */
export function addAppFlag(command: Command): Command {
  return command.option(
    "--app <path>",
    "the app's file or folder (default: the one that runs, or runs from here)",
  );
}

/** The apps of this machine's user that run now. */
export async function allRunning({ environment }: Invocation): Promise<RunningEntry[]> {
  const { homeFolder, runningApps } = await loadAppHost();
  return runningApps(homeFolder(undefined, environment));
}

/**
 * The running app that is meant: the named one, else the only one, else the one whose file is in or above the working directory.
 * @throws RedoubtError `APP_STATE` when there is none; `CONFIG_AMBIGUOUS` when there are several
 */
export async function chosenApp({ app }: AppFlag, invocation: Invocation): Promise<RunningEntry> {
  const all = await allRunning(invocation);
  const [first] = all;
  if (first === undefined)
    throw new RedoubtError("APP_STATE", "No app runs.", { hint: "Start one first: redoubt run apphost.ts" });
  const found = app === undefined ? near(all) : named(all, resolve(app));
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const files = all.map(({ file }) => file).join(", ");
  if (app !== undefined && found.length === 0)
    throw new RedoubtError("APP_STATE", `No app of this path runs; those that run: ${files}.`);
  throw new RedoubtError("CONFIG_AMBIGUOUS", `Several apps run: ${files}.`, {
    hint: "Name one: --app with its file or folder.",
  });
}

const named = (all: readonly RunningEntry[], path: string): RunningEntry[] =>
  all.filter(({ file }) => file === path || dirname(file) === path);

function near(all: readonly RunningEntry[]): readonly RunningEntry[] {
  if (all.length === 1) return all;
  const here = `${process.cwd()}${sep}`;
  return all.filter(({ file }) => here.startsWith(`${dirname(file)}${sep}`));
}

import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { RedoubtError } from "@redoubt/client";
import { LineSplitter } from "../logs/line-splitter.ts";
import type { ProgramExit } from "./program-exit.ts";

/** A program to run, with all that it is to know. */
export interface Program {
  /** A path, or a name that is looked for on the `PATH` of `environment`. */
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Takes each line that it writes, without its end. */
  readonly onLine: (stream: "stdout" | "stderr", text: string) => void;
}

/** How often a group is looked at whose leader has ended, ms. */
const glance = 25;

/** How long the last words of a program are waited for when something else holds its output open, ms. */
const lastWords = 500;

/**
 * A program and everything that it starts: a process group of its own. Ctrl-C in a terminal does not reach it, so that what
 * depends on it can be stopped first.
 */
export class ProcessGroup {
  readonly pid: number;
  /** Resolves when the program has ended, and nothing of its group is left. Never rejects. */
  readonly exited: Promise<ProgramExit>;
  #over = false;

  private constructor(child: ChildProcess, pid: number, grace: number) {
    this.pid = pid;
    this.exited = ended(child).then(async (exit) => {
      // What the program has left running would hold its ports: a script of npm that was killed, for example.
      await this.#clear(grace);
      this.#over = true;
      return exit;
    });
  }

  /**
   * Runs a program.
   * @param grace how long what it leaves behind may take to end, ms
   * @throws RedoubtError `APP_RESOURCE_FAILED` when it cannot be run: with the folder or the program that is not there
   */
  static async start(program: Program, grace: number): Promise<ProcessGroup> {
    const { command, args, folder, environment, onLine } = program;
    await checkFolder(folder);
    const path = await findProgram(command, folder, environment["PATH"] ?? "");
    const child = spawn(path, args, {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    for (const name of ["stdout", "stderr"] as const) {
      const splitter = new LineSplitter((text) => onLine(name, text));
      child[name].on("data", (chunk: Buffer) => splitter.add(chunk)).on("end", () => splitter.end());
    }
    const { pid } = child;
    if (pid !== undefined) return new ProcessGroup(child, pid, grace);
    const cause = await new Promise<Error>((resolve) => child.once("error", resolve));
    throw new RedoubtError("APP_RESOURCE_FAILED", `${path} cannot be run: ${cause.message}`, { cause });
  }

  /** Ends the program and its group: SIGTERM, and SIGKILL after `grace` ms. Resolves when all are gone. */
  async stop(grace: number): Promise<void> {
    this.#signal("SIGTERM");
    const waiting = new AbortController();
    const patience = delay(grace, undefined, { signal: waiting.signal }).then(
      () => this.kill(),
      () => {},
    );
    await this.exited;
    waiting.abort();
    await patience;
  }

  /** Ends them at once. */
  kill(): void {
    this.#signal("SIGKILL");
  }

  #signal(signal: NodeJS.Signals): void {
    if (!this.#over) signalGroup(this.pid, signal);
  }

  async #clear(grace: number): Promise<void> {
    if (!signalGroup(this.pid, "SIGTERM")) return;
    const deadline = performance.now() + grace;
    while (performance.now() < deadline) {
      await delay(glance);
      if (!signalGroup(this.pid, 0)) return;
    }
    signalGroup(this.pid, "SIGKILL");
  }
}

/** Sends a signal to a process group; 0 only asks. @returns whether there is such a group */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

function ended(child: ChildProcess): Promise<ProgramExit> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      const settle = (): void => resolve({ code, signal });
      // The last words are in the pipe still. A process that it has left behind may hold the pipe open, however.
      const limit = setTimeout(settle, lastWords);
      child.once("close", () => {
        clearTimeout(limit);
        settle();
      });
    });
    // Signals that cannot be delivered; that it could not be run is told by the absent number.
    child.on("error", () => {});
  });
}

async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() === true) return;
  throw new RedoubtError(
    "APP_RESOURCE_FAILED",
    found === null ? `The folder ${folder} does not exist` : `${folder} is not a folder`,
    { hint: "The folder of a program is relative to that of the app's file: correct it there." },
  );
}

/** The spawn of Node would say ENOENT of whatever is missing, and names neither the PATH nor what to do. */
async function findProgram(command: string, folder: string, path: string): Promise<string> {
  const named = command.includes("/");
  const candidates = named
    ? [join(command.startsWith("/") ? "/" : folder, command)]
    : path.split(delimiter).flatMap((entry) => (entry === "" ? [] : [join(entry, command)]));
  let found: string | null = null;
  for (const candidate of candidates) {
    const entry = await stat(candidate).catch(() => null);
    if (entry?.isFile() !== true) continue;
    if (await isExecutable(candidate)) return candidate;
    found = candidate;
  }
  const problem =
    found !== null
      ? `${found} is not executable`
      : named
        ? `There is no program ${candidates[0]}`
        : `There is no program ${command} on the PATH`;
  throw new RedoubtError("APP_RESOURCE_FAILED", problem, {
    hint: "Install the program, or correct its name in the app's file.",
  });
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

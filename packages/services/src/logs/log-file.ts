import { appendFileSync } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** When a log file is put aside, and how many of those are kept. */
export interface RotationLimits {
  /** Bytes from which on a file is put aside. Default 1 MiB. */
  readonly size?: number;
  /** How many old files are kept of each unit, from 1. Default 5. */
  readonly count?: number;
}

const pattern = /^(.+)\.log(?:\.(\d+))?$/;

/** Path of the log file to which a unit writes: `redis-1`, `sentinel-2`, `terminator`, `keeper`. */
export const logPath = (folder: string, unit: string): string => join(folder, `${unit}.log`);

/** Names of the units that have logs in a folder, sorted. None where there is no folder. */
export async function unitsOf(folder: string): Promise<string[]> {
  const units = (await namesIn(folder)).flatMap((name) => pattern.exec(name)?.[1] ?? []);
  return [...new Set(units)].sort();
}

/** Paths of the log files of a unit that there are, the one being written first, then older and older ones. */
export async function filesOf(folder: string, unit: string): Promise<string[]> {
  const numbered = (await namesIn(folder)).flatMap((name) => {
    const [, whose, number = "0"] = pattern.exec(name) ?? [];
    return whose === unit ? [{ name, number: Number(number) }] : [];
  });
  return numbered.sort((a, b) => a.number - b.number).map(({ name }) => join(folder, name));
}

/**
 * Puts the log of a unit aside when it has grown: `redis-1.log` becomes `redis-1.log.1`, that one `.2`, and the oldest goes.
 * Nothing is copied or cut, so no line is lost: redis-server, valkey-server and {@link LogWriter} open the file by its name for
 * each line (`serverLogRaw` in Redis's `server.c`). A line that is being written lands in the file put aside, the next one makes a new
 * file. That also holds for a server whose keeper has died, which a pipe to the keeper would not outlive.
 *
 * @returns whether it was put aside
 */
export async function rotate(
  folder: string,
  unit: string,
  { size = 1024 * 1024, count = 5 }: RotationLimits = {},
): Promise<boolean> {
  const path = logPath(folder, unit);
  const { size: grown } = await stat(path).catch(() => ({ size: 0 }));
  if (grown === 0 || grown < size) return false;
  const kept = Math.max(1, count);
  const old = (await filesOf(folder, unit)).flatMap((file) => {
    const number = Number(/\.(\d+)$/.exec(file)?.[1] ?? 0);
    return number > 0 ? [{ file, number }] : [];
  });
  // The oldest first: where this is cut short, there is a gap in the numbers, and nothing was overwritten.
  for (const { file, number } of old.reverse())
    await (number >= kept ? rm(file, { force: true }) : rename(file, `${path}.${number + 1}`));
  await rename(path, `${path}.1`);
  return true;
}

/** Writes the log of a unit of this process: a time and a sentence for each line. */
export class LogWriter {
  readonly #path: string;

  /** @param folder must exist */
  constructor(folder: string, unit: string) {
    this.#path = logPath(folder, unit);
  }

  /** Appends one line. @throws Error when it cannot be written */
  write(message: string, time: Date = new Date()): void {
    const line = message.replaceAll(/[\r\n]+/g, " ");
    // By its name each time, and at once: the file may have been put aside, and the process may die in the next moment.
    appendFileSync(this.#path, `${time.toISOString()} ${line}\n`, { mode: 0o600 });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

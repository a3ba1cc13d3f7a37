import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Path of the first of the programs that is on the `PATH`. */
export function find(...names: readonly string[]): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Why tests that need these programs are skipped, for the title of their `describe.skipIf`; `""` when all are there.
 *
 * @throws Error under `CI`, where nothing may be missing
 */
export function whatIsMissing(programs: Readonly<Record<string, string | null>>): string {
  const missing = Object.keys(programs).filter((name) => programs[name] === null);
  if (missing.length === 0) return "";
  const reason = `not on the PATH: ${missing.join(", ")}`;
  if (process.env["CI"]) throw new Error(reason);
  return reason;
}

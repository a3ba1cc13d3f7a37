import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe } from "vitest";

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
 * `describe` for tests that need programs: `{ chromium: path }`. Skipped, with the reason in the title, where one is
 * missing; under `CI` that is a failure instead.
 */
export function describeWith(
  programs: Readonly<Record<string, string | null>>,
  title: string,
  tests: () => void,
): void {
  const missing = Object.keys(programs).filter((name) => programs[name] === null);
  if (missing.length === 0) return void describe(title, tests);
  const reason = `${missing.join(" and ")} not found on the PATH`;
  if (process.env["CI"]) throw new Error(`${title}: ${reason}`);
  describe.skip(`${title} (${reason})`, tests);
}

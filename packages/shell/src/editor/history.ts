import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** So many lines are kept. */
const mostLines = 1000;

/** Where the history is kept: REDISCLI_HISTFILE, else `redoubt/cli-history` in the XDG folder of state; null for none (`/dev/null`). */
export function historyPath(environment: NodeJS.ProcessEnv): string | null {
  const said = environment["REDISCLI_HISTFILE"];
  if (said === "/dev/null") return null;
  if (said !== undefined && said !== "") return said;
  const home = environment["HOME"] ?? homedir();
  const state = environment["XDG_STATE_HOME"];
  const folder = state !== undefined && state !== "" ? state : join(home, ".local", "state");
  return join(folder, "redoubt", "cli-history");
}

/**
 * Lines that were typed, newest first, in a file that only its user can read. A file that cannot be read or written is no reason
 * not to work.
 */
export class History {
  readonly lines: string[] = [];
  readonly #path: string | null;

  constructor(path: string | null) {
    this.#path = path;
    if (path === null) return;
    try {
      const kept = readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "");
      this.lines.push(...kept.slice(-mostLines).toReversed());
    } catch {
      // The first time there is none.
    }
  }

  /** Keeps a line; one that repeats the last is not kept twice. */
  add(line: string): void {
    if (line === this.lines[0] || line.trim() === "") return;
    this.lines.unshift(line);
    this.lines.length = Math.min(this.lines.length, mostLines);
    this.#write();
  }

  #write(): void {
    const path = this.#path;
    if (path === null) return;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const next = `${path}.${process.pid}`;
      writeFileSync(next, `${this.lines.toReversed().join("\n")}\n`, { mode: 0o600 });
      chmodSync(next, 0o600);
      renameSync(next, path);
    } catch {
      // See above.
    }
  }
}

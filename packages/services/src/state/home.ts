import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * Folder with all state: what is given, else `REDOUBT_HOME`, else `redoubt` below `XDG_DATA_HOME` or `~/.local/share`
 * (XDG Base Directory Specification: a relative `XDG_DATA_HOME` does not count).
 */
export function homeFolder(given?: string, environment: NodeJS.ProcessEnv = process.env): string {
  if (given !== undefined && given !== "") return resolve(given);
  const chosen = environment["REDOUBT_HOME"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  const data = environment["XDG_DATA_HOME"];
  return data !== undefined && isAbsolute(data)
    ? join(data, "redoubt")
    : join(homedir(), ".local", "share", "redoubt");
}

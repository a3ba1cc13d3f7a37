import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * Folder with all of Redoubt's state on this machine: what is given, else `REDOUBT_HOME`, else `redoubt` below
 * `XDG_DATA_HOME` or `~/.local/share` (a relative `XDG_DATA_HOME` does not count). The same rule as for services.
 */
export function homeFolder(given: string | undefined, environment: NodeJS.ProcessEnv): string {
  if (given !== undefined && given !== "") return resolve(given);
  const chosen = environment["REDOUBT_HOME"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  const data = environment["XDG_DATA_HOME"];
  return data !== undefined && isAbsolute(data)
    ? join(data, "redoubt")
    : join(homedir(), ".local", "share", "redoubt");
}

/** Who an app is: SHA-256 of the lower-cased path of its file, in lower-case hex (upstream's rule). */
export function appIdentity(file: string): string {
  return createHash("sha256").update(resolve(file).toLowerCase()).digest("hex");
}

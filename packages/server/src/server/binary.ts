import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";

const names = ["redis-server", "valkey-server"] as const;

/**
 * Finds `redis-server` or `valkey-server` on the `PATH`.
 *
 * @param wanted a path or a name to use instead
 * @returns the full path of the program
 * @throws Error when there is none; the message names the packages that bring it
 */
export async function findBinary(wanted?: string): Promise<string> {
  const candidates = wanted === undefined ? names : [wanted];
  for (const name of candidates) {
    // A name with a slash is a path: the PATH is not asked, like in a shell.
    const folders = name.includes("/") ? [""] : (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
    for (const folder of folders) {
      const path = join(folder, name);
      if (await isExecutable(path)) return path;
    }
  }
  if (wanted !== undefined) throw new Error(`option "binary": there is no program ${wanted}`);
  throw new Error(
    "neither redis-server nor valkey-server is on the PATH. Install one of them: " +
      "`apt-get install redis-server` (Debian, Ubuntu), `dnf install valkey` (Fedora), `apk add redis` (Alpine), " +
      "`brew install redis` (macOS).",
  );
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

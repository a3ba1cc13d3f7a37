import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, runQuietly, SetupError } from "./child.mjs";
import { isOnPath } from "./programs.mjs";

/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, peer?: boolean }} Entry */

/**
 * @param {string} path relative to the root
 * @returns {Record<string, Entry> | null} null when there is no such file, or it is not whole
 */
function lockedPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), "utf8")).packages;
  } catch {
    return null;
  }
}

/**
 * Whether `node_modules` of a folder is what its `package-lock.json` says. npm writes its hidden lock file last, so an install that was
 * cut short has none; packages for another platform are not in it.
 *
 * @param {string} folder relative to the root
 */
function isInstalled(folder) {
  const wanted = lockedPackages(join(folder, "package-lock.json"));
  const present = lockedPackages(join(folder, "node_modules/.package-lock.json"));
  if (wanted === null || present === null) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/")) return true;
    const found = present[path];
    if (found === undefined) return entry.optional === true || entry.peer === true;
    return (
      found.version === entry.version && found.integrity === entry.integrity && found.link === entry.link
    );
  });
}

/**
 * @param {readonly string[]} args for npm
 * @returns {Promise<void>}
 */
async function npm(args) {
  // Under `npm run` the very npm that runs us; on Windows `npm` alone could not be started.
  const script = process.env["npm_execpath"];
  const [file, ...before] = script === undefined ? ["npm"] : [process.execPath, script];
  const { ok, output } = await runQuietly(file, [...before, ...args, "--loglevel=error"], {
    timeout: 600_000,
  });
  if (!ok) throw new SetupError(`npm ${args.join(" ")} failed:\n${output}`);
}

/**
 * Installs what `package-lock.json` names, unless it is there already.
 *
 * @param {string} folder relative to the root: all workspaces, or what stands apart from them
 */
export async function ensureDependencies(folder = ".") {
  if (isInstalled(folder)) return;
  console.error(`Installing Node dependencies (npm ci${folder === "." ? "" : `, ${folder}`}) …`);
  await npm(["ci", "--no-audit", "--no-fund", "--prefix", join(root, folder)]);
}

/** Lets `npx redoubt` find the program of this repository: npm links it, and makes it executable, only once it was built. */
export async function linkPrograms() {
  if (isOnPath(join(root, "node_modules/.bin/redoubt"))) return;
  await npm(["rebuild", "@redoubt/cli"]);
}

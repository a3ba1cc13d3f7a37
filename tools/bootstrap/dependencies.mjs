import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, runQuietly, SetupError } from "./child.mjs";

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
 * Whether `node_modules` is what `package-lock.json` says. npm writes its hidden lock file last, so an install that was
 * cut short has none; packages for another platform are not in it.
 */
function isInstalled() {
  const wanted = lockedPackages("package-lock.json");
  const present = lockedPackages("node_modules/.package-lock.json");
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

/** Installs what `package-lock.json` names, unless it is there already. */
export async function ensureDependencies() {
  if (isInstalled()) return;
  console.error("Installing Node dependencies (npm ci) …");
  const npm = process.env["npm_execpath"];
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const options = { timeout: 600_000 };
  const result =
    npm === undefined
      ? await runQuietly("npm", args, options)
      : await runQuietly(process.execPath, [npm, ...args], options);
  if (!result.ok) throw new SetupError(`npm ci failed:\n${result.output}`);
}

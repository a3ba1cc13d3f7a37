import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A Node that clients run on. */
export interface NodeProgram {
  readonly path: string;
  /** Without the `v`. */
  readonly version: string;
}

/** Longest that npm may take, ms. */
const limit = 180_000;

/** @throws Error when it is no Node */
export function nodeAt(path: string): NodeProgram {
  const version = execFileSync(path, ["--version"], { encoding: "utf8", timeout: 10_000 }).trim();
  if (!/^v\d+\.\d+\.\d+/.test(version)) throw new Error(`${path} is no Node: it says ${version}`);
  return { path, version: version.slice(1) };
}

/**
 * The newest Node of a major version, which npm brings. It lies outside of the repository, in the cache of the user, and is
 * fetched once.
 *
 * @param major for example 24
 * @throws Error when it cannot be fetched
 */
export async function nodeOfMajor(major: number): Promise<NodeProgram> {
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const folder = join(cache, "redoubt", `node-${major}`);
  const path = join(folder, "node_modules", name, "bin/node");
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    console.error(`Fetching Node ${major} (${name}) to ${folder}`);
    const install = ["install", "--no-audit", "--no-fund", "--no-save", `${name}@${major}`];
    await promisify(execFile)("npm", install, { cwd: folder, timeout: limit });
  }
  return nodeAt(path);
}

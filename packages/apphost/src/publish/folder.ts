import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import { z } from "zod";

/** The list of what was written, in the folder itself: by it a file of ours is told from one of somebody else's. */
const listName = ".redoubt-publish.json";

const listShape = z.object({ version: z.literal(1), files: z.record(z.string(), z.array(z.string())) });

/** SHA-256 of each file that was written; two while files are being replaced. */
type Written = Readonly<Record<string, readonly string[]>>;

/** What became of a folder. */
export interface FolderResult {
  /** Files that are in it now, relative, sorted. */
  readonly files: readonly string[];
  /** Those that are new or have another content than before. */
  readonly changed: readonly string[];
  /** Those of an earlier time that were taken away. */
  readonly removed: readonly string[];
}

/**
 * Puts files into a folder, all or none of them: they are written beside it first. What was written by an earlier call is
 * replaced or, when it is not written any more, taken away; other files in the folder are left alone.
 *
 * @param files content by relative path with slashes
 * @param force also replaces files of the same names that somebody else has written or changed
 * @param others files of an earlier call that are not this one's affair: they stay, and stay ours
 * @throws RedoubtError `APP_PUBLISH` when that would lose what somebody else has written, or the folder cannot be written
 */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, string>,
  force: boolean,
  others: (path: string) => boolean = () => false,
): Promise<FolderResult> {
  const before = await readList(folder, force);
  const hashes = new Map([...files].map(([path, text]) => [path, sha256(text)]));
  const present = new Map<string, string>();
  for (const path of new Set([...files.keys(), ...Object.keys(before)])) {
    const text = await readIfThere(join(folder, path));
    if (text !== undefined) present.set(path, sha256(text));
  }
  const foreign = [...files.keys()].filter((path) => {
    const now = present.get(path);
    return now !== undefined && now !== hashes.get(path) && !(before[path] ?? []).includes(now);
  });
  if (foreign.length > 0 && !force)
    throw new RedoubtError(
      "APP_PUBLISH",
      `${foreign.map((path) => join(folder, path)).join(", ")} would be lost: not written here, or changed since`,
      {
        hint: "Publish into another folder, move the changes into the app's file, or say --force.",
      },
    );
  const stale = Object.keys(before).filter((path) => !files.has(path) && !others(path));
  const removed = stale.filter((path) => (before[path] ?? []).includes(present.get(path) ?? ""));
  const changed = [...files.keys()].filter((path) => present.get(path) !== hashes.get(path)).sort();
  const kept = Object.entries(before).filter(([path]) => !files.has(path) && others(path));
  const after = Object.fromEntries([...kept, ...[...hashes].map(([path, hash]) => [path, [hash]] as const)]);
  try {
    await replace(folder, files, changed, removed, before, after);
  } catch (error) {
    if (error instanceof RedoubtError) throw error;
    throw new RedoubtError(
      "APP_PUBLISH",
      `${folder} cannot be written (${(error as NodeJS.ErrnoException).code})`,
      {
        cause: error,
      },
    );
  }
  return { files: [...files.keys()].sort(), changed, removed: removed.sort() };
}

async function replace(
  folder: string,
  files: ReadonlyMap<string, string>,
  changed: readonly string[],
  removed: readonly string[],
  before: Written,
  after: Written,
): Promise<void> {
  const staging = join(dirname(folder), `.${basename(folder)}.${process.pid}.tmp`);
  await rm(staging, { recursive: true, force: true });
  try {
    for (const path of changed) await writeInto(staging, path, files.get(path) ?? "");
    await mkdir(folder, { recursive: true });
    // Both contents are ours until all files are in place: after a crash the next call may replace either.
    const both = Object.fromEntries(
      Object.entries({ ...before, ...after }).map(([path, hash]) => [
        path,
        [...new Set([...(before[path] ?? []), ...hash])],
      ]),
    );
    if (changed.length > 0 || removed.length > 0) await writeList(folder, staging, both);
    for (const path of changed) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await rename(join(staging, path), join(folder, path));
    }
    for (const path of removed) await removeFile(folder, path);
    await writeList(folder, staging, after);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function writeInto(folder: string, path: string, text: string): Promise<void> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}

async function writeList(folder: string, staging: string, files: Written): Promise<void> {
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = `${JSON.stringify({ version: 1, files: sorted }, null, 2)}\n`;
  if ((await readIfThere(join(folder, listName))) === text) return;
  await writeInto(staging, listName, text);
  await rename(join(staging, listName), join(folder, listName));
}

/** Folders that have become empty go, too. */
async function removeFile(folder: string, path: string): Promise<void> {
  await rm(join(folder, path), { force: true });
  for (let parent = dirname(path); parent !== "."; parent = dirname(parent)) {
    const entries = await readdir(join(folder, parent)).catch(() => ["?"]);
    if (entries.length > 0) return;
    await rmdir(join(folder, parent));
  }
}

async function readList(folder: string, force: boolean): Promise<Written> {
  const path = join(folder, listName);
  const text = await readIfThere(path);
  if (text === undefined) return {};
  try {
    return listShape.parse(JSON.parse(text)).files;
  } catch (cause) {
    if (force) return {};
    throw new RedoubtError("APP_PUBLISH", `${path} is not as it was written`, {
      hint: "Publish into another folder, or say --force.",
      cause,
    });
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new RedoubtError("APP_PUBLISH", `${path} cannot be read (${code})`, { cause: error });
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { constants, copyFile, link, open, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/** What is known of a snapshot when it was put away. */
export interface Fingerprint {
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** Keeps a snapshot under a name of its own: as another name of the same file, which the server does not write to again; else a copy. */
export async function keepSnapshot(from: string, to: string): Promise<Fingerprint> {
  try {
    await link(from, to);
  } catch (error) {
    // Another file system, or one without hard links.
    if (!["EXDEV", "EPERM", "ENOTSUP", "EMLINK"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
  await syncFile(to);
  return fingerprint(to);
}

/** Copies a snapshot to where a server will read it, and perhaps append to it: never a second name of the same file. */
export async function copySnapshot(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await syncFile(to);
}

/** Size and checksum of a file. */
export async function fingerprint(path: string): Promise<Fingerprint> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return { size: (await stat(path)).size, sha256: hash.digest("hex") };
}

/** How long the checking program may take, ms. */
const checkLimit = 600_000;

/**
 * Has the server's own program read a snapshot to its end, checksum included.
 * @param program `redis-check-rdb` or `valkey-check-rdb`, a name on the PATH or a path
 * @returns null when it is good, else what is wrong with it; where there is no such program: null, {@link fingerprint} must do
 */
export function checkSnapshot(path: string, program: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, [path], { timeout: checkLimit, maxBuffer: 16 * 1024 * 1024 }, (error, stdout) => {
      if (error === null || (error as NodeJS.ErrnoException).code === "ENOENT") return resolve(null);
      const lines = stdout.trim().split("\n");
      resolve(
        lines.find((line) => /error|not recognized|CRC|wrong/i.test(line)) ?? lines.at(-1) ?? error.message,
      );
    });
  });
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

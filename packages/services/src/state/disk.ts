import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Writes what must not be lost or torn. After each step that changes the disk it says which, so that a test can end the process
 * there.
 */
export class Disk {
  readonly #step: (what: string) => void;

  /** @param step hears of each step that was made. Default: nobody */
  constructor(step: (what: string) => void = () => {}) {
    this.#step = step;
  }

  /** Makes a folder (0700) with those above it, and makes sure that it stays. */
  async folder(path: string): Promise<void> {
    const made = await mkdir(path, { recursive: true, mode: 0o700 });
    if (made === undefined) return;
    this.#step(`mkdir ${basename(path)}`);
    await this.#settle(dirname(made));
  }

  /** Puts a file (0600) in place of the one of that name: at any time there is the old one or the new one, whole. */
  async write(path: string, content: string | Buffer): Promise<void> {
    const made = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
    try {
      const file = await open(made, "wx", 0o600);
      try {
        this.#step(`create ${basename(path)}`);
        await file.writeFile(content);
        this.#step(`write ${basename(path)}`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(made, path);
    } catch (error) {
      await rm(made, { force: true });
      throw error;
    }
    this.#step(`rename ${basename(path)}`);
    await this.#settle(dirname(path));
  }

  /** Gives a file or folder another name. */
  async move(from: string, to: string): Promise<void> {
    await rename(from, to);
    this.#step(`move ${basename(to)}`);
    await this.#settle(dirname(to));
  }

  /** Adds a line to a file (0600) in one write, which others that add lines do not come between. */
  async append(path: string, line: string): Promise<void> {
    const file = await open(path, "a", 0o600);
    try {
      await file.write(`${line}\n`);
      this.#step(`append ${basename(path)}`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** A name in a folder is only safe when the folder is on the disk, too. */
  async #settle(folder: string): Promise<void> {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } catch {
      // Some file systems have no fsync for folders, and need none.
    } finally {
      await handle.close();
    }
    this.#step(`settle ${basename(folder)}`);
  }
}

/** Text of a file; null when it is not there. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

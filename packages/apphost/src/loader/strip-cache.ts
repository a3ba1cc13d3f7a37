import { createHash } from "node:crypto";
import { lstat, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

const day = 86_400_000;
/** What was not used for so long is removed, ms. */
const lifetime = 30 * day;

/**
 * Texts whose types were taken away before, so that the library that does it (60 MiB of memory, a third of a second) is only loaded
 * for files that have changed. In a folder that only this user can write, because what is in it is run: one that is not so is not
 * used. Nothing here fails: without a cache everything works, slower.
 */
export class StripCache {
  readonly #folder: string;
  readonly #version: string;
  #usable: Promise<boolean> | null = null;

  /** @param version of what makes the texts */
  constructor(folder: string, version: string) {
    this.#folder = folder;
    this.#version = version;
  }

  /** @returns `null` for a text that was not stripped before */
  async get(source: string): Promise<string | null> {
    if (!(await this.#isUsable())) return null;
    const path = this.#path(source);
    try {
      const text = await readFile(path, "utf8");
      const { mtimeMs } = await lstat(path);
      if (Date.now() - mtimeMs > day) await utimes(path, new Date(), new Date());
      return text;
    } catch {
      return null;
    }
  }

  async set(source: string, stripped: string): Promise<void> {
    if (!(await this.#isUsable())) return;
    const path = this.#path(source);
    const draft = `${path}.${process.pid}`;
    try {
      await writeFile(draft, stripped, { mode: 0o600 });
      await rename(draft, path);
      await this.#sweep();
    } catch {
      await rm(draft, { force: true }).catch(() => {});
    }
  }

  #path(source: string): string {
    return join(
      this.#folder,
      `${createHash("sha256").update(`${this.#version}\0${source}`).digest("hex")}.js`,
    );
  }

  #isUsable(): Promise<boolean> {
    this.#usable ??= this.#prepare().catch(() => false);
    return this.#usable;
  }

  async #prepare(): Promise<boolean> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const status = await lstat(this.#folder);
    // Windows has neither; there the user's folder is the user's.
    const mine = process.getuid === undefined || status.uid === process.getuid();
    return status.isDirectory() && mine && (process.getuid === undefined || (status.mode & 0o022) === 0);
  }

  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const { mtimeMs } = await lstat(path);
      if (Date.now() - mtimeMs > lifetime) await rm(path, { force: true });
    }
  }
}

/** `redoubt/typescript` below `XDG_CACHE_HOME` or `~/.cache`. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const given = environment["XDG_CACHE_HOME"];
  const cache = given !== undefined && isAbsolute(given) ? given : join(homedir(), ".cache");
  return join(cache, "redoubt", "typescript");
}

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { RedoubtError } from "@redoubt/client";

/**
 * Values that belong to one app and one environment on this machine, and not into its folder: made-up passwords, what was
 * typed into questions. A flat JSON object in a file of mode 0600 in a folder of mode 0700; keys have colons, `Parameters:key`,
 * and are compared without case.
 */
export class UserSecrets {
  /** Path of the file. It is there once something was kept. */
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /**
   * Everything that is kept, read anew.
   * @throws RedoubtError `APP_STATE` for a file that is not what was written
   */
  all(): ReadonlyMap<string, string> {
    return this.#read();
  }

  /** @returns `undefined` for what is not kept */
  get(key: string): string | undefined {
    const wanted = key.toLowerCase();
    return [...this.#read()].find(([known]) => known.toLowerCase() === wanted)?.[1];
  }

  /** Keeps a value in place of an earlier one. */
  set(key: string, value: string): void {
    const kept = this.#without(key);
    kept.set(key, value);
    this.#write(kept);
  }

  /** Forgets a value; one that is not kept is no fault. */
  delete(key: string): void {
    const before = this.#read();
    const kept = this.#without(key);
    if (kept.size !== before.size) this.#write(kept);
  }

  #without(key: string): Map<string, string> {
    const wanted = key.toLowerCase();
    return new Map([...this.#read()].filter(([known]) => known.toLowerCase() !== wanted));
  }

  #read(): ReadonlyMap<string, string> {
    let text: string;
    try {
      text = readFileSync(this.file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
      throw this.#unusable(`cannot be read (${(error as NodeJS.ErrnoException).code})`, error);
    }
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch {
      // The parser's message quotes the text, which is secret.
      throw this.#unusable("is no JSON");
    }
    if (typeof content !== "object" || content === null || Array.isArray(content))
      throw this.#unusable("is no JSON object");
    const entries = Object.entries(content);
    const wrong = entries.find(([, value]) => typeof value !== "string");
    if (wrong !== undefined)
      throw this.#unusable(`has a value that is no text at ${JSON.stringify(wrong[0])}`);
    return new Map(entries as [string, string][]);
  }

  #write(kept: ReadonlyMap<string, string>): void {
    const folder = dirname(this.file);
    // Another name for each writer: two that write at once must not write into one file.
    const draft = `${this.file}.${process.pid}`;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const content = `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`;
      writeFileSync(draft, content, { mode: 0o600 });
      renameSync(draft, this.file);
    } catch (error) {
      rmSync(draft, { force: true });
      throw this.#unusable(`cannot be written (${(error as NodeJS.ErrnoException).code})`, error);
    }
  }

  #unusable(what: string, cause?: unknown): RedoubtError {
    return new RedoubtError("APP_STATE", `${this.file} ${what}`, { cause });
  }
}

import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { RedoubtError } from "@redoubt/client";

/**
 * Writes the number of this process.
 * @throws RedoubtError `CONFIG_FILE`
 */
export function writePid(file: string): void {
  try {
    writeFileSync(file, `${process.pid}\n`, { mode: 0o644 });
  } catch (cause) {
    throw new RedoubtError("CONFIG_FILE", `Cannot create pid file ${file}`, {
      cause,
      hint: "Name a file in a directory that this user may write, or write pid = and nothing behind it.",
    });
  }
}

/** Removes it, unless another process has written its number since. */
export function removePid(file: string): void {
  try {
    if (readFileSync(file, "utf8").trim() === String(process.pid)) unlinkSync(file);
  } catch {
    // After setuid the directory may be closed to us; the number in the file is then that of nobody.
  }
}

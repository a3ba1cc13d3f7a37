import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { RedoubtError } from "@redoubt/client";

/**
 * Writes a file as a whole: who reads it meets the old text or the new one. Folders are made as needed.
 *
 * @param mode of a new file, and of one that is replaced
 * @throws RedoubtError CONFIG_FILE that names the path
 */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(draft, "wx", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    const { code } = cause as NodeJS.ErrnoException;
    throw new RedoubtError("CONFIG_FILE", `${path} cannot be written (${code ?? "unknown"}).`, {
      cause,
      hint: "Name a folder that you may write to.",
    });
  }
}

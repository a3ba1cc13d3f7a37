import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import type { ExportFile } from "@redoubt/network";

/** Exports of a large subscription have a few megabytes. Bytes. */
const limit = 200_000_000;

/**
 * Reads exports: files as they are named, and every `.json` below a folder.
 *
 * @throws RedoubtError `CONFIG_FILE` for what cannot be read, or a folder without exports
 */
export function readExportFiles(paths: readonly string[]): ExportFile[] {
  return paths.flatMap((path) => {
    const info = attempt(path, () => statSync(path));
    if (!info.isDirectory()) return [readOne(path, info.size)];
    const names = attempt(path, () => readdirSync(path, { recursive: true, encoding: "utf8" }))
      .filter(
        (name) => name.toLowerCase().endsWith(".json") && !/(?:^|[/\\])(?:\.|node_modules[/\\])/.test(name),
      )
      .toSorted();
    if (names.length === 0)
      throw new RedoubtError("CONFIG_FILE", `${path} holds no .json file.`, {
        hint: "Export with, for example: az network vnet list -o json > vnets.json",
      });
    return names.map((name) => readOne(join(path, name), statSync(join(path, name)).size));
  });
}

function readOne(path: string, size: number): ExportFile {
  if (size > limit) throw new RedoubtError("CONFIG_FILE", `${path} is larger than ${limit} bytes.`);
  return { name: path, bytes: attempt(path, () => readFileSync(path)) };
}

function attempt<Value>(path: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    const { code = "unreadable" } = cause as NodeJS.ErrnoException;
    throw new RedoubtError("CONFIG_FILE", `${path} cannot be read (${code}).`, { cause });
  }
}

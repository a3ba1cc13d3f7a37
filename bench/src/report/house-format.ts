import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { benchFolder } from "../clients/contender.ts";

/**
 * JSON in the format that the checks want, by the formatter that they use.
 * @param file for which it is
 */
export function houseFormat(json: string, file: string): string {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  return execFileSync(process.execPath, [biome, "format", `--stdin-file-path=${file}`], {
    input: json,
    cwd: join(benchFolder, ".."),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["pipe", "pipe", "inherit"],
  });
}

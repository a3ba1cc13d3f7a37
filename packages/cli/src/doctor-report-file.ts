import { writeFileSync } from "node:fs";
import { RedoubtError } from "@redoubt/client";
import { type DoctorResult, doctorReport } from "@redoubt/network";
import type { Output } from "./output.ts";

/**
 * Writes the report to be shared, for this user alone: JSON where the name ends in `.json`, else Markdown.
 * @throws RedoubtError `CONFIG_FILE` where it cannot be written
 */
export function writeDoctorReport(file: string, result: DoctorResult, output: Output): void {
  const text = file.toLowerCase().endsWith(".json")
    ? `${JSON.stringify(result, null, 2)}\n`
    : doctorReport(result);
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (cause) {
    const { code = "unwritable" } = cause as NodeJS.ErrnoException;
    throw new RedoubtError("CONFIG_FILE", `--report: ${file} cannot be written (${code}).`, { cause });
  }
  output.note(output.foreign(`The report is in ${file}.`));
}

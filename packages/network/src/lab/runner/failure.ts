import { RedoubtError } from "@redoubt/client";

/** What the system would not do for a laboratory. */
export function labFailed(what: string, said: string, cause?: unknown): RedoubtError {
  return new RedoubtError("LAB_FAILED", `${what}: ${firstLines(said)}`, cause === undefined ? {} : { cause });
}

function firstLines(said: string): string {
  const lines = said
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.length === 0 ? "no reason was given" : lines.slice(0, 3).join("; ");
}

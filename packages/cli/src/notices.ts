import type { Target } from "@redoubt/client";
import type { Output } from "./output.ts";

/** Says on stderr what may surprise about a connection string, a line each. */
export function noteWarnings({ warnings }: Target, output: Output): void {
  for (const { code, message } of warnings) {
    output.note(`${output.paintTalk("warn", code)}  ${output.foreign(message)}`);
  }
}

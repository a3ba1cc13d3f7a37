import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Writes the keeper's log: a line for each sentence, in the form in which servers write theirs. */
export function keeperLog(path: string): (sentence: string) => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return (sentence) => {
    try {
      // At once and opened anew: a log that was put aside is not written to any more, and a keeper that is killed has said all.
      appendFileSync(path, `${new Date().toISOString()} ${sentence.replaceAll(/\s*\n\s*/g, " ")}\n`, {
        mode: 0o600,
      });
    } catch {
      // A full disk must not end the service.
    }
  };
}

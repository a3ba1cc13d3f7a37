import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { toByteText } from "../line/bytes.ts";
import { splitLine } from "../line/split.ts";

/** What `:set` changes. */
export interface Preferences {
  hints: boolean;
}

/**
 * Obeys a line like `:set nohints`.
 * @param origin put in front of a complaint: the file, or nothing
 * @returns the complaint, null when it is understood
 */
export function setPreference(
  words: readonly string[],
  preferences: Preferences,
  origin = "",
): string | null {
  const [command = "", name = ""] = words;
  if (command.toLowerCase() !== ":set" || words.length < 2)
    return `${origin}unknown redis-cli internal command '${command}'\n`;
  const wanted = name.toLowerCase();
  if (wanted !== "hints" && wanted !== "nohints") return `${origin}unknown redis-cli preference '${name}'\n`;
  preferences.hints = wanted === "hints";
  return null;
}

/** Reads `~/.redisclirc`, or what REDISCLI_RCFILE names. @returns complaints */
export function readPreferences(environment: NodeJS.ProcessEnv, preferences: Preferences): string {
  const path = environment["REDISCLI_RCFILE"] ?? join(environment["HOME"] ?? homedir(), ".redisclirc");
  let text = "";
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return "";
  }
  const lines = text.split("\n").map((line) => splitLine(toByteText(line)) ?? []);
  return lines
    .filter((words) => words.length > 0)
    .map((words) => setPreference(words, preferences, ".redisclirc: ") ?? "")
    .join("");
}

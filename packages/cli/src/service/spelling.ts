import type { Command } from "commander";

/**
 * Joins words of a service command that were written apart, as in `service user list`: to `service user-list`, where there is
 * such a command and none of the first word alone.
 */
export function joinWords(program: Command, words: readonly string[]): readonly string[] {
  const [first, second = "", ...others] = words;
  if (first !== "service") return words;
  const names =
    program.commands.find((command) => command.name() === first)?.commands.map((command) => command.name()) ??
    [];
  if (names.includes(second)) return words;
  for (let count = others.length > 3 ? 3 : others.length; count > 0; count--) {
    const joined = [second, ...others.slice(0, count)].join("-");
    if (names.includes(joined)) return [first, joined, ...others.slice(count)];
  }
  return words;
}

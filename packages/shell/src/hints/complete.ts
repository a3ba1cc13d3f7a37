import type { CommandDoc } from "./command-doc.ts";

/**
 * Everything that a line may be completed to, in order; nothing where it is no beginning of a command. The letters that were typed
 * stay as they are.
 */
export function completions(docs: readonly CommandDoc[], line: string): string[] {
  const help = /^help\s+/i.exec(line)?.[0];
  const begun = help === undefined ? line : line.slice(help.length);
  if (begun === "" && help === undefined) return [];
  const names = docs.map(({ name }) => name);
  const topics = help === undefined ? ["HELP"] : [...new Set(docs.map(({ group }) => `@${group}`))];
  const wanted = begun.toUpperCase();
  const firsts = names.map((name) => name.split(" ", 1)[0] as string);
  const isFirstWord = !begun.includes(" ");
  const found = [...topics, ...(isFirstWord ? firsts : []), ...names].filter((name) => {
    if (isFirstWord && name.includes(" ")) return false;
    return name.toUpperCase().startsWith(wanted) && name.length > wanted.length;
  });
  const isLower = begun !== "" && begun === begun.toLowerCase();
  return [...new Set(found)].map((name) => (help ?? "") + (isLower ? name.toLowerCase() : name));
}

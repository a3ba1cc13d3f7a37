import type { CommandDoc } from "./command-doc.ts";

/**
 * `help`, `help CMD`, `help @group`: redis-cli's text.
 * @param words what follows `help`
 */
export function helpText(docs: readonly CommandDoc[], words: readonly string[], version: string): string {
  const [first] = words;
  if (first === undefined) return general(version);
  const group = first.startsWith("@") ? first.slice(1).toLowerCase() : null;
  const wanted = words.map((word) => word.toUpperCase());
  const found = docs.filter(({ name, group: own }) => {
    if (group !== null) return own === group;
    const parts = name.split(" ");
    return wanted.length <= parts.length && wanted.every((word, i) => word === parts[i]);
  });
  return `${found.map((doc) => entry(doc, group === null)).join("")}\r\n`;
}

function entry({ name, syntax, summary, since, group }: CommandDoc, withGroup: boolean): string {
  const lines = [
    "",
    `  \u001b[1m${name}\u001b[0m \u001b[90m${syntax}\u001b[0m`,
    `  \u001b[33msummary:\u001b[0m ${summary}`,
    `  \u001b[33msince:\u001b[0m ${since}`,
    ...(withGroup ? [`  \u001b[33mgroup:\u001b[0m ${group}`] : []),
  ];
  return `${lines.join("\r\n")}\r\n`;
}

function general(version: string): string {
  return `redoubt cli ${version}
To get help about Redis commands type:
      "help @<group>" to get a list of commands in <group>
      "help <command>" for help on <command>
      "help <tab>" to get a list of possible help topics
      "quit" to exit

To set preferences:
      ":set hints" enable online hints
      ":set nohints" disable online hints
Set your preferences in ~/.redisclirc
`;
}

import { type CommandNode, type OptionNode, type Place, placeWord } from "./tree.ts";

/** Completion for fish 3, with descriptions. */
export function fishCompletion(nodes: readonly CommandNode[], keys: readonly string[]): string {
  return `# Completion of redoubt for fish: redoubt completion fish | source

function __redoubt_commands
    switch "$argv[1]"
${nodes
  .filter(({ commands }) => commands.length > 0)
  .map(
    ({ path, commands }) =>
      `        case ${quote(path)}\n            echo ${commands.map(({ name }) => name).join(" ")}`,
  )
  .join("\n")}
    end
end

function __redoubt_valued
    switch "$argv[1]"
${nodes
  .map(({ path, options }) => {
    const valued = options.filter(({ value }) => value !== null).flatMap(({ flags }) => flags);
    return valued.length === 0 ? "" : `        case ${quote(path)}\n            echo ${valued.join(" ")}\n`;
  })
  .join("")}    end
end

# Whether the words so far name this command, and this many arguments stand behind it.
function __redoubt_at
    set -l words (commandline -opc)
    set -l at ""
    set -l place 0
    set -l pending ""
    for word in $words[2..-1]
        if test -n "$pending"
            set pending ""
        else if string match -q -- "-*" $word
            contains -- $word (string split " " -- (__redoubt_valued "$at")); and set pending $word
        else if contains -- $word (string split " " -- (__redoubt_commands "$at"))
            set at (string trim -- "$at $word")
            set place 0
        else
            set place (math $place + 1)
        end
    end
    test "$at" = "$argv[1]"; or return 1
    test (count $argv) -lt 2; or test $place -eq $argv[2]; or test "$argv[3]" = variadic -a $place -ge "$argv[2]"
end

complete -c redoubt -f
${nodes.flatMap((node) => [...commandLines(node), ...node.options.map((option) => optionLine(node, option, keys)), ...placeLines(node, keys)]).join("\n")}
`;
}

function commandLines({ path, commands }: CommandNode): string[] {
  return commands.map(
    ({ name, description }) =>
      `complete -c redoubt -n ${quote(`__redoubt_at '${path}' 0`)} -a ${quote(name)} -d ${quote(description)}`,
  );
}

function optionLine(
  { path }: CommandNode,
  { flags, description, value }: OptionNode,
  keys: readonly string[],
): string {
  const names = flags
    .map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
    .join(" ");
  const takes = value === null ? "" : ` ${value.kind === "file" ? "-r" : "-x"} ${suggestions(value, keys)}`;
  return `complete -c redoubt -n ${quote(`__redoubt_at '${path}'`)} ${names}${takes} -d ${quote(description)}`;
}

function placeLines({ path, places, variadic, commands }: CommandNode, keys: readonly string[]): string[] {
  return places.flatMap((place, i) => {
    if (place.kind === "any" || (commands.length > 0 && i === 0 && place.kind !== "file")) return [];
    const more = variadic && i === places.length - 1 ? " variadic" : "";
    return [
      `complete -c redoubt -n ${quote(`__redoubt_at '${path}' ${i}${more}`)} ${suggestions(place, keys)}`,
    ];
  });
}

function suggestions(place: Place, keys: readonly string[]): string {
  switch (place.kind) {
    case "service":
      return `-a ${quote("(redoubt completion services 2>/dev/null)")}`;
    case "key":
      return `-a ${quote(keys.map((key) => `${key}=`).join(" "))}`;
    case "words":
      return `-a ${quote(placeWord(place).slice(1))}`;
    case "folder":
      return `-a ${quote("(__fish_complete_directories)")}`;
    case "file":
      return "-F";
    case "any":
      return "";
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

import { type CommandNode, placeWord } from "./tree.ts";

/** Completion for bash 4 and newer. */
export function bashCompletion(nodes: readonly CommandNode[], keys: readonly string[]): string {
  return `# Completion of redoubt for bash: eval "$(redoubt completion bash)"

_redoubt_table() {
  commands= options= values=() places=() variadic=
  case $1 in
${nodes.map(row).join("\n")}
  *) return 1 ;;
  esac
}

_redoubt_value() {
  case $1 in
  service) COMPREPLY=($(compgen -W "$(redoubt completion services 2>/dev/null)" -- "$2")) ;;
  key)
    COMPREPLY=($(compgen -W ${quote(keys.map((key) => `${key}=`).join(" "))} -- "$2"))
    compopt -o nospace 2>/dev/null
    ;;
  file) COMPREPLY=($(compgen -f -- "$2")) ;;
  folder) COMPREPLY=($(compgen -d -- "$2")) ;;
  '='*) COMPREPLY=($(compgen -W "\${1#=}" -- "$2")) ;;
  esac
}

_redoubt() {
  local IFS=$' \\t\\n' current=\${COMP_WORDS[COMP_CWORD]} at= place=0 i word value pending=
  local commands options variadic values places
  COMPREPLY=()
  _redoubt_table ""
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $pending ]]; then
      # bash takes a word apart at "=": the sign and what follows belong to the same value.
      [[ \${COMP_WORDS[i + 1]} == "=" || $word == "=" ]] || pending=
      continue
    fi
    if [[ $word == -* ]]; then
      for value in "\${values[@]}"; do [[ \${value%%:*} == "$word" ]] && pending=\${value#*:}; done
    elif [[ " $commands " == *" $word "* ]]; then
      at="\${at:+$at }$word" place=0
      _redoubt_table "$at"
    else
      place=$((place + 1))
    fi
  done
  if [[ -n $pending ]]; then
    _redoubt_value "$pending" "$current"
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -n $commands && $place == 0 ]]; then
    COMPREPLY=($(compgen -W "$commands" -- "$current"))
  else
    [[ -n $variadic && $place -ge \${#places[@]} ]] && place=$((\${#places[@]} - 1))
    ((place < \${#places[@]})) && _redoubt_value "\${places[place]}" "$current"
  fi
  return 0
}

complete -o default -F _redoubt redoubt
`;
}

function row({ path, commands, options, places, variadic }: CommandNode): string {
  const valued = options.flatMap(({ flags, value }) =>
    value === null ? [] : flags.map((flag) => quote(`${flag}:${placeWord(value)}`)),
  );
  const parts = [
    `commands=${quote(commands.map(({ name }) => name).join(" "))}`,
    `options=${quote(options.flatMap(({ flags }) => flags).join(" "))}`,
    `values=(${valued.join(" ")})`,
    `places=(${places.map((place) => quote(placeWord(place))).join(" ")})`,
    ...(variadic ? ["variadic=1"] : []),
  ];
  return `  ${quote(path)})\n    ${parts.join("\n    ")}\n    ;;`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

import { type CommandNode, placeWord } from "./tree.ts";

/** Completion for zsh 5, with descriptions. */
export function zshCompletion(nodes: readonly CommandNode[], keys: readonly string[]): string {
  return `#compdef redoubt
# Completion of redoubt for zsh: eval "$(redoubt completion zsh)" behind compinit, or a file _redoubt in $fpath

_redoubt_table() {
  commands=() options=() values=() places=() variadic=
  case $1 in
${nodes.map(row).join("\n")}
  esac
}

_redoubt_value() {
  local -a found
  case $1 in
  service)
    found=(\${(f)"$(redoubt completion services 2>/dev/null)"})
    compadd -a found
    ;;
  key)
    found=(${keys.map((key) => quote(`${key}=`)).join(" ")})
    compadd -S '' -a found
    ;;
  file) _files ;;
  folder) _files -/ ;;
  '='*)
    found=(\${(s: :)\${1#=}})
    compadd -a found
    ;;
  esac
}

_redoubt() {
  local at= word pending=
  local -i i place=1
  local -a commands options places names
  local -A values
  local variadic
  _redoubt_table ""
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    names=(\${commands%%:*})
    if [[ -n $pending ]]; then
      pending=
    elif [[ $word == -* ]]; then
      pending=\${values[$word]-}
    elif ((\${names[(Ie)$word]})); then
      at="\${at:+$at }$word" place=1
      _redoubt_table "$at"
    else
      place+=1
    fi
  done
  if [[ -n $pending ]]; then
    _redoubt_value "$pending"
  elif [[ $words[CURRENT] == -* ]]; then
    _describe -o option options
  elif (($#commands && place == 1)); then
    _describe command commands
  else
    [[ -n $variadic ]] && ((place > $#places)) && place=$#places
    ((place >= 1 && place <= $#places)) && _redoubt_value "$places[place]"
  fi
}

if [[ $funcstack[1] == _redoubt ]]; then _redoubt "$@"; else compdef _redoubt redoubt; fi
`;
}

function row({ path, commands, options, places, variadic }: CommandNode): string {
  const described = (name: string, description: string) => quote(`${name}:${description}`);
  const valued = options.flatMap(({ flags, value }) =>
    value === null ? [] : flags.map((flag) => `${quote(flag)} ${quote(placeWord(value))}`),
  );
  const flags = options.flatMap((option) => option.flags.map((flag) => described(flag, option.description)));
  const parts = [
    `commands=(${commands.map(({ name, description }) => described(name, description)).join(" ")})`,
    `options=(${flags.join(" ")})`,
    `values=(${valued.join(" ")})`,
    `places=(${places.map((place) => quote(placeWord(place))).join(" ")})`,
    ...(variadic ? ["variadic=1"] : []),
  ];
  return `  ${quote(path)})\n    ${parts.join("\n    ")}\n    ;;`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

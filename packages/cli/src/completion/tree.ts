import type { Argument, Command, Option } from "commander";

/** What may stand in a place: names of services, keys of `-c`, files, folders, some words, or anything. */
export type Place =
  | { readonly kind: "service" | "key" | "file" | "folder" | "any" }
  | { readonly kind: "words"; readonly words: readonly string[] };

/** An option as shells complete it. */
export interface OptionNode {
  /** `--plan`, and `-p` where there is one. */
  readonly flags: readonly string[];
  readonly description: string;
  /** What comes behind it; `null` for nothing. */
  readonly value: Place | null;
}

/** A command as shells complete it. */
export interface CommandNode {
  /** `service create`; empty for the program. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionNode[];
  readonly places: readonly Place[];
  /** Whether the last place may be filled several times. */
  readonly variadic: boolean;
}

/** Words for places that only the caller knows: arguments by `path name`. */
export type KnownWords = Readonly<Record<string, readonly string[]>>;

/** Every command of a program, the program first. */
export function commandTree(program: Command, known: KnownWords): readonly CommandNode[] {
  return nodesOf(program, "", known);
}

function nodesOf(command: Command, path: string, known: KnownWords): CommandNode[] {
  const visible = command.createHelp().visibleCommands(command);
  const node: CommandNode = {
    path,
    commands: visible.map((sub) => ({ name: sub.name(), description: sub.description() })),
    options: command.createHelp().visibleOptions(command).map(optionNode),
    places: command.registeredArguments.map((argument) => placeOf(argument, path, known)),
    variadic: command.registeredArguments.at(-1)?.variadic === true,
  };
  return [node, ...command.commands.flatMap((sub) => nodesOf(sub, `${path} ${sub.name()}`.trim(), known))];
}

function optionNode(option: Option): OptionNode {
  const takes = option.required || option.optional;
  return {
    flags: [option.long, option.short].filter((flag) => flag !== undefined && flag !== null),
    description: option.description,
    value: takes ? valueOf(option) : null,
  };
}

function valueOf(option: Option): Place {
  const { words } = (option.parseArg ?? {}) as { readonly words?: readonly string[] };
  if (words !== undefined) return { kind: "words", words };
  if (option.short === "-c") return { kind: "key" };
  const [, value = ""] = /<([^>]+)>/.exec(option.flags) ?? [];
  if (value.startsWith("file")) return { kind: "file" };
  if (value.startsWith("folder")) return { kind: "folder" };
  return { kind: option.long === "--service-to-fork-from" ? "service" : "any" };
}

function placeOf(argument: Argument, path: string, known: KnownWords): Place {
  const name = argument.name();
  const words = known[`${path} ${name}`];
  if (words !== undefined) return { kind: "words", words };
  if (name === "file") return { kind: "file" };
  // A new service has a name that there is not yet.
  return { kind: name === "name" && /^service (?!create$)/.test(path) ? "service" : "any" };
}

/** How a place is written in the tables of the scripts: `service`, `file`, `=a b c`. */
export function placeWord(place: Place): string {
  return place.kind === "words" ? `=${place.words.join(" ")}` : place.kind;
}

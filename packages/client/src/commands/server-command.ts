import { type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type Mapping, type Text, toObject } from "./decode.ts";

const COMMAND = spec("COMMAND", { keys: null });
const COMMAND_COUNT = spec("COMMAND COUNT", { keys: null });
const COMMAND_DOCS = spec("COMMAND DOCS", { keys: null });
const COMMAND_GETKEYS = spec("COMMAND GETKEYS", { keys: null });
const COMMAND_GETKEYSANDFLAGS = spec("COMMAND GETKEYSANDFLAGS", { keys: null });
const COMMAND_INFO = spec("COMMAND INFO", { keys: null });
const COMMAND_LIST = spec("COMMAND LIST", { keys: null });

/** How to find the keys among the arguments. */
export interface KeySpec {
  readonly beginSearch:
    | { readonly type: "index"; readonly index: number }
    | { readonly type: "keyword"; readonly keyword: string; readonly startFrom: number }
    | { readonly type: "unknown" };
  readonly findKeys:
    | { readonly type: "range"; readonly lastKey: number; readonly keyStep: number; readonly limit: number }
    | {
        readonly type: "keynum";
        readonly keyNumIdx: number;
        readonly firstKey: number;
        readonly keyStep: number;
      }
    | { readonly type: "unknown" };
}

/** What the server knows of a command. */
export interface CommandInfo {
  readonly name: string;
  /** Number of arguments with the name; at least so many if negative. */
  readonly arity: number;
  readonly flags: Set<string>;
  readonly firstKeyIndex: number;
  readonly lastKeyIndex: number;
  readonly step: number;
  readonly categories: Set<string>;
  /** How a cluster's client should spread it, and put the answers together. */
  readonly policies: { readonly request: string | undefined; readonly response: string | undefined };
  readonly isKeyless: boolean;
  readonly nondeterministicOutput: boolean;
  /** Tips that are no policies. */
  readonly tips: string[];
  readonly keySpecs: KeySpec[];
  readonly subcommands: CommandInfo[];
}

/** Documentation of a command: `summary`, `since`, `group`, `arguments`, `subcommands`, … */
export interface CommandDoc {
  readonly summary?: string;
  readonly since?: string;
  readonly group?: string;
  readonly complexity?: string;
  readonly arguments?: CommandDocArgument[];
  readonly subcommands?: Record<string, CommandDoc>;
  readonly [more: string]: unknown;
}

/** Documentation of an argument: `name`, `type`, `token`, `arguments`, … */
export interface CommandDocArgument {
  readonly name?: string;
  readonly type?: string;
  readonly arguments?: CommandDocArgument[];
  readonly [more: string]: unknown;
}

/** Options of {@link commandList}. */
export interface CommandListOptions {
  readonly FILTERBY?:
    | { readonly type: "MODULE" | "ACLCAT" | "PATTERN"; readonly value: RedisArgument }
    | undefined;
}

type RawInfo = readonly [
  name: Text,
  arity: number,
  flags: Text[],
  firstKeyIndex: number,
  lastKeyIndex: number,
  step: number,
  categories: Text[],
  // The last three since Redis 7.
  tips?: Text[],
  keySpecs?: Mapping[],
  subcommands?: RawInfo[],
];

/** All commands of the server. */
function commandTable(): Command<CommandInfo[]> {
  return command(COMMAND, [], (reply: readonly RawInfo[]) => reply.map(toInfo));
}

export { commandTable as command };

/** How many commands the server has. */
export function commandCount(): Command<number> {
  return command(COMMAND_COUNT, []);
}

/** Documentation by name; of all commands when none is named. */
export function commandDocs(commands?: OneOrMore): Command<Record<string, CommandDoc>> {
  const names = commands === undefined ? [] : [...several(COMMAND_DOCS, "commands", commands)];
  return command(COMMAND_DOCS, names, (reply: Mapping) => toObject(reply, toDoc));
}

/** The keys in a command given with its arguments. */
export function commandGetKeys(args: readonly RedisArgument[]): Command<string[]> {
  return command(COMMAND_GETKEYS, [...several(COMMAND_GETKEYS, "args", args)]);
}

/** The keys in a command, and what is done to each. */
export function commandGetKeysAndFlags(
  args: readonly RedisArgument[],
): Command<{ readonly key: string; readonly flags: string[] }[]> {
  return command(
    COMMAND_GETKEYSANDFLAGS,
    [...several(COMMAND_GETKEYSANDFLAGS, "args", args)],
    (reply: readonly [key: string, flags: string[]][]) => reply.map(([key, flags]) => ({ key, flags })),
  );
}

/** What the server knows of commands; null for each that it does not have. */
export function commandInfo(commands: readonly RedisArgument[]): Command<(CommandInfo | null)[]> {
  return command(
    COMMAND_INFO,
    [...several(COMMAND_INFO, "commands", commands)],
    (reply: readonly (RawInfo | null)[]) => reply.map((each) => each && toInfo(each)),
  );
}

/** The names of all commands, or of those of a module, a category or a pattern. */
export function commandList(options: CommandListOptions = {}): Command<string[]> {
  const { FILTERBY } = options;
  return command(COMMAND_LIST, FILTERBY === undefined ? [] : ["FILTERBY", FILTERBY.type, FILTERBY.value]);
}

function toInfo(raw: RawInfo): CommandInfo {
  const [name, arity, flags, firstKeyIndex, lastKeyIndex, step, categories] = raw;
  const [, , , , , , , rawTips = [], keySpecs = [], subcommands = []] = raw;
  const tips = rawTips.map(String);
  const policy = (kind: string) => tips.find((tip) => tip.startsWith(kind))?.slice(kind.length);
  return {
    name: String(name),
    arity,
    flags: new Set(flags.map(String)),
    firstKeyIndex,
    lastKeyIndex,
    step,
    categories: new Set(categories.map(String)),
    policies: { request: policy("request_policy:"), response: policy("response_policy:") },
    isKeyless: keySpecs.length === 0,
    nondeterministicOutput: tips.includes("nondeterministic_output"),
    tips: tips.filter((tip) => !/^(request|response)_policy:/.test(tip)),
    keySpecs: keySpecs.map(toKeySpec),
    subcommands: subcommands.map(toInfo),
  };
}

function toKeySpec(raw: Mapping): KeySpec {
  const { begin_search, find_keys } = toObject<Mapping>(raw);
  return { beginSearch: toBeginSearch(begin_search), findKeys: toFindKeys(find_keys) };
}

function toBeginSearch(raw: Mapping | undefined): KeySpec["beginSearch"] {
  const { type, spec } = toRule(raw);
  const { index, keyword, startfrom } = spec;
  if (type === "index") return { type, index: Number(index) };
  if (type === "keyword") return { type, keyword: String(keyword), startFrom: Number(startfrom) };
  return { type: "unknown" };
}

function toFindKeys(raw: Mapping | undefined): KeySpec["findKeys"] {
  const { type, spec } = toRule(raw);
  const { lastkey, limit, keystep, keynumidx, firstkey } = spec;
  const keyStep = Number(keystep);
  if (type === "range") return { type, lastKey: Number(lastkey), keyStep, limit: Number(limit) };
  if (type === "keynum") return { type, keyNumIdx: Number(keynumidx), firstKey: Number(firstkey), keyStep };
  return { type: "unknown" };
}

function toRule(raw: Mapping = []): { type: string; spec: Record<string, unknown> } {
  const { type, spec } = toObject(raw);
  return { type: String(type), spec: toObject((spec as Mapping | undefined) ?? []) };
}

function toDoc(raw: Mapping): CommandDoc {
  return toObject(raw, (value: never, name) => {
    if (name === "arguments") return (value as Mapping[]).map(toDocArgument);
    return name === "subcommands" ? toObject(value, toDoc) : value;
  });
}

function toDocArgument(raw: Mapping): CommandDocArgument {
  return toObject(raw, (value: never, name) =>
    name === "arguments" ? (value as Mapping[]).map(toDocArgument) : value,
  );
}

import { createHash } from "node:crypto";
import { type OneOrMore, several } from "../commands/argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument } from "../commands/command.ts";
import { evalRo, evalSha, evalShaRo, eval as evaluate } from "../commands/scripting.ts";
import { ReplyError } from "../errors.ts";

/** Takes what a script gets, in order: keys first. */
export interface ScriptParser {
  /** A key; a cluster finds the node by it. */
  pushKey(key: RedisArgument): void;
  pushKeys(keys: OneOrMore): void;
  /** How many keys there are, and the keys: for scripts without `NUMBER_OF_KEYS`. */
  pushKeysLength(keys: OneOrMore): void;
  push(...args: readonly RedisArgument[]): void;
}

/** What {@link defineScript} is told, in the words of node-redis. */
export interface ScriptDefinition<Args extends readonly unknown[], Reply> {
  /** The Lua text. */
  readonly SCRIPT: string;
  /** How many keys it always has; otherwise `parser.pushKeysLength` says so. */
  readonly NUMBER_OF_KEYS?: number;
  /** Whether it does not write, so that a replica may run it. Default false. */
  readonly IS_READ_ONLY?: boolean;
  /** Turns the arguments of a call into those of the script. */
  parseCommand(parser: ScriptParser, ...args: Args): void;
  /** Reads what the script returns. Default: as it comes. */
  transformReply?(reply: never): Reply;
}

/** A Lua script; `Call` is the function that it is to its callers. */
export interface Script<Call extends (...args: never) => unknown> {
  readonly SHA1: string;
  /** The command that runs it on a server that has it. */
  bySha1(...args: Parameters<Call>): Command<ReturnType<Call>>;
  /** The command that runs it anywhere, and lets the server keep it. */
  bySource(...args: Parameters<Call>): Command<ReturnType<Call>>;
}

/** Scripts by the names of their methods. */
export type Scripts = Readonly<Record<string, Script<(...args: never) => unknown>>>;

/** The methods that {@link Scripts} become. */
export type ScriptMethods<S extends Scripts> = {
  readonly [Name in keyof S]: S[Name] extends Script<infer Call>
    ? (...args: Parameters<Call>) => Promise<ReturnType<Call>>
    : never;
};

/** Describes a script once, to be run with `client.runScript(script, …)` or as a method (option `scripts`). */
export function defineScript<Args extends readonly unknown[], Reply = unknown>(
  definition: ScriptDefinition<Args, Reply>,
): Script<(...args: Args) => Reply> {
  const { SCRIPT, NUMBER_OF_KEYS, IS_READ_ONLY = false } = definition;
  const SHA1 = createHash("sha1").update(SCRIPT).digest("hex");
  const specOf = (make: typeof evaluate): CommandSpec => make("", { keys: [""] }).spec;
  const shaSpec = specOf(IS_READ_ONLY ? evalShaRo : evalSha);
  const sourceSpec = specOf(IS_READ_ONLY ? evalRo : evaluate);
  const decode = definition.transformReply?.bind(definition) ?? null;
  const make = (of: CommandSpec, script: string, args: Args): Command<Reply> => {
    const words: RedisArgument[] = [script];
    if (NUMBER_OF_KEYS !== undefined) words.push(NUMBER_OF_KEYS);
    definition.parseCommand(parserInto(of, words), ...args);
    return command(words[1] === 0 ? { ...of, keys: null } : of, words, decode);
  };
  return {
    SHA1,
    bySha1: (...args) => make(shaSpec, SHA1, args as unknown as Args),
    bySource: (...args) => make(sourceSpec, SCRIPT, args as unknown as Args),
  };
}

function parserInto(of: CommandSpec, words: RedisArgument[]): ScriptParser {
  return {
    pushKey: (key) => void words.push(key),
    pushKeys: (keys) => void words.push(...several(of, "keys", keys)),
    pushKeysLength: (keys) => {
      const list = several(of, "keys", keys);
      words.push(list.length, ...list);
    },
    push: (...args) => void words.push(...args),
  };
}

/** Gives a client a method for each script. */
export function defineScripts(
  client: { runScript(script: Script<(...args: never) => unknown>, ...args: never): Promise<unknown> },
  scripts: Scripts,
): void {
  for (const [name, script] of Object.entries(scripts)) {
    Object.defineProperty(client, name, { value: (...args: never) => client.runScript(script, ...args) });
  }
}

/** Runs a script by its SHA-1; where the server does not have it, by its source. */
export async function runScript<Call extends (...args: never) => unknown>(
  executor: { execute<Reply>(command: Command<Reply>): Promise<Reply> },
  script: Script<Call>,
  args: Parameters<Call>,
): Promise<ReturnType<Call>> {
  try {
    return await executor.execute(script.bySha1(...args));
  } catch (error) {
    if (!(error instanceof ReplyError) || error.code !== "REPLY_NO_SCRIPT") throw error;
    return executor.execute(script.bySource(...args));
  }
}

import { RedoubtError } from "../errors.ts";
import {
  type Command,
  type CommandSpec,
  command,
  isContainer,
  newSpec,
  type RedisArgument,
  type SpecOptions,
  specNamed,
} from "./command.ts";
import { asWord, keysFrom } from "./keys.ts";

const keyless = [
  "ASKING BACKUP DEBUG FT.DROP MONITOR PFSELFTEST PSUBSCRIBE PSYNC PUNSUBSCRIBE QUIT READONLY READWRITE REPLCONF",
  "SENTINEL SLAVEOF SUBSCRIBE SYNC TIMESERIES.REFRESHCLUSTER TRIMSLOTS UNSUBSCRIBE UNWATCH",
].flatMap((line) => line.split(" "));

/**
 * Commands that no family has: those of a connection's state, what servers say among themselves, what is deprecated. Source:
 * `COMMAND` of Redis 8 and Valkey 8. Any other is taken to have one key, its first argument.
 */
const others: ReadonlyMap<string, SpecOptions> = new Map<string, SpecOptions>([
  ...keyless.map((name): [string, SpecOptions] => [name, { keys: null }]),
  ["DISCARD", { keys: null, bracket: -1 }],
  ["EXEC", { keys: null, bracket: -1 }],
  ["MULTI", { keys: null, bracket: 1 }],
  ["PFDEBUG", { keys: keysFrom(1, 1) }],
  ["RESET", { keys: null, bracket: -1 }],
  ["SSUBSCRIBE", { keys: keysFrom(0) }],
  ["SUBSTR", { readonly: true }],
  ["SUNSUBSCRIBE", { keys: keysFrom(0) }],
  ["WATCH", { keys: keysFrom(0) }],
]);

const specs = new Map<string, CommandSpec>();

/**
 * Any command, as words: `raw(["OBJECT", "HELP"])`. Its reply is given as it comes.
 * @throws RedoubtError `CONFIG_INVALID_VALUE` without a name
 */
export function raw(words: readonly RedisArgument[]): Command<unknown> {
  const name = words.length === 0 ? "" : asWord(words[0]);
  if (name === "")
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      "sendCommand needs the name of a command as its first word",
    );
  const inContainer = words.length > 1 && isContainer(name);
  const known = specOf(inContainer ? `${name} ${asWord(words[1])}` : name, inContainer);
  return command(known, words.slice(known.words));
}

function specOf(name: string, inContainer: boolean): CommandSpec {
  const kept = specs.get(name);
  if (kept !== undefined) return kept;
  const made =
    plain(specNamed(name)) ?? newSpec(name, others.get(name) ?? (inContainer ? { keys: null } : {}));
  // Names come from the program, not from outside; still, a map that only grows is a leak.
  if (specs.size < 512) specs.set(name, made);
  return made;
}

function plain(of: CommandSpec | undefined): CommandSpec | undefined {
  return of?.shape === "object" ? { ...of, shape: "plain" } : of;
}

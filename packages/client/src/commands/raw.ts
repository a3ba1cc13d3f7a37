import { RedoubtError } from "../errors.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "./command.ts";

/** Commands that wait on purpose. Source: `COMMAND` of Redis 8 and Valkey 8, flag `blocking`. */
const blocking: ReadonlySet<string> = new Set(
  "BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN WAIT WAITAOF XREAD XREADGROUP".split(" "),
);

const specs = new Map<string, CommandSpec>();

/**
 * Any command, as words: `raw(["OBJECT", "HELP"])`. Its reply is given as it comes.
 * @throws RedoubtError `CONFIG_INVALID_VALUE` without a name
 */
export function raw(words: readonly RedisArgument[]): Command<unknown> {
  const [name, ...args] = words;
  const text = String(name ?? "").toUpperCase();
  if (text === "")
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      "sendCommand needs the name of a command as its first word",
    );
  let known = specs.get(text);
  if (known === undefined) {
    known = spec(text, { blocking: blocking.has(text) });
    // Names come from the program, not from outside; still, a map that only grows is a leak.
    if (specs.size < 512) specs.set(text, known);
  }
  return command(known, args);
}
